"""Which addresses a letter may go to."""

import pytest

from holdline.dialogs.outbox.letters import is_address


@pytest.mark.parametrize("address", ["a@b.pl", "anna.k+desk@sub.example.org", "root@localhost"])
def test_plain_addresses(address: str) -> None:
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
def test_invalid_mail_addresses(address: str) -> None:
    assert not is_address(address)
