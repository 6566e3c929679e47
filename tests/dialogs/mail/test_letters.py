"""Valid addresses of letters."""

import pytest

from holdline.dialogs.outbox.letters import is_address, pause_after, require_address
from tests.dialogs.examples import refusal_of


@pytest.mark.parametrize("address", ["a@b.pl", "anna.k+desk@sub.example.org", "root@localhost"])
def test_plain_mail_addresses_are_accepted(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "@example.org",
        "anna@",
        "a@b@c.org",
        "a b@c.org",
        "a@b.org\nBcc: x@y.org",
        "a@b.org, c@d.org",
        "Anna <a@b.org>",
        ".a@b.org",
        "a..b@c.org",
        "a@-b.org",
        "a@b..org",
        "анна@example.org",
        "a" * 250 + "@b.org",
    ],
)
def test_invalid_mail_addresses_are_refused(address: str) -> None:
    assert not is_address(address)


def test_a_letter_is_tried_eight_times_at_growing_intervals() -> None:
    seconds = [pause.total_seconds() if (pause := pause_after(n)) else None for n in range(1, 10)]
    assert seconds == [5, 30, 120, 600, 1800, 3600, 10_800, 21_600, None]


def test_blanks_around_an_address_are_removed() -> None:
    assert require_address(" a@b.pl ", field="to") == "a@b.pl"
    assert refusal_of(lambda: require_address("a@b.pl, c@d.pl", field="to")) == (
        "to",
        "mends.mail_address",
        {},
    )
