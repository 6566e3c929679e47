"""Which addresses are allowed, how a delivery is signed, and when it is repeated."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.webhooks.address import is_literal, is_public, read_address, short_url
from holdline.dialogs.webhooks.signature import secret_of, sign
from holdline.dialogs.webhooks.webhook import EVENT_TYPES, pause_after, valid_events
from tests.dialogs.examples import refusal_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "198.18.0.1", "192.0.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1",
        "127.1", "2130706433", "0177.0.0.1", "0x7f000001", "localhost", "",
    ],
)  # fmt: skip
def test_private_network_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_internet_addresses_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_a_private_address_is_recognised_in_every_notation(address: object) -> None:
    for shape in ("{0}", "::ffff:{0}", "::{0}", "64:ff9b::{0}"):
        assert not is_public(shape.format(address))


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://tool.example.org/hook?x=1", "tool.example.org", 443),
        ("http://Tool.Example.org:8080", "tool.example.org", 8080),
        ("https://[2606:4700::1111]/x", "2606:4700::1111", 443),
        ("http://tool.example.org", "tool.example.org", 80),
        ("https://tool.example.org:80", "tool.example.org", 80),
        ("https://tool.example.org:1024", "tool.example.org", 1024),
        ("https://tool.example.org/" + "x" * 2023, "tool.example.org", 443),
    ],
)
def test_valid_addresses_are_accepted(url: str, host: str, port: int) -> None:
    address = read_address(url)
    assert (address.url, address.host, address.port) == (url, host, port)
    assert not address.is_forbidden_literal


@pytest.mark.parametrize(
    "url",
    [
        "", "tool.example.org", "ftp://tool.example.org", "file:///etc/passwd", "https://", "https:///x",
        "https://user@tool.example.org", "https://user:secret@tool.example.org", "https://tool.example.org:22",
        "https://tool.example.org:0", "https://tool.example.org:x", "https://tool.example.org:99999",
        "https://tool.example.org:", "https://tool.exa mple.org", "https://tool.example.org/\nx: y",
        "https://127.0.0.1\\@tool.example.org", "https://１２７.0.0.1/", "https://[::1", "https://[fe80::1%25eth0]/",
        "https://tool.example.org/" + "x" * 2048,
    ],
)  # fmt: skip
def test_invalid_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_address(url)
    assert refused.value.field == "url"
    assert refused.value.sentence("pl")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0177.0.0.1", "[::1]", "127.0.0.1."])
def test_a_literal_ip_address_is_judged_without_a_lookup(host: str) -> None:
    assert read_address(f"http://{host}:8080/x").is_forbidden_literal


def test_keys_in_an_address_are_hidden() -> None:
    assert short_url("https://tool.example.org/hook?key=secret#x") == "tool.example.org/hook"


@pytest.mark.row("M-16")
def test_the_official_library_accepts_our_signatures_only() -> None:
    secret, now = secret_of(bytes(range(32))), int(datetime.now(UTC).timestamp())
    body = '{"type":"outbound.sent","data":{"name":"Żółw 🐢"}}'
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(now),
        "webhook-signature": sign(secret, message_key="msg_1", timestamp=now, body=body),
    }
    assert Webhook(secret).verify(body, headers)["type"] == "outbound.sent"
    for wrong_body, wrong in (
        (body.replace("sent", "held"), {}),
        (body, {"webhook-id": "msg_2"}),
        (body, {"webhook-timestamp": str(now - 3600)}),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(wrong_body, {**headers, **wrong})
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(bytes(32))).verify(body, headers)


def test_tries_are_repeated_at_growing_intervals_for_three_days() -> None:
    least = [pause_after(attempts, chance=0) for attempts in range(1, 12)]
    most = [pause_after(attempts, chance=1) for attempts in range(1, 12)]
    pauses = [pause for pause in least if pause is not None]
    assert pauses == sorted(pauses)
    assert len(pauses) == 11
    assert most[0] is not None and most[0] < timedelta(seconds=9)
    assert timedelta(days=2.8) < sum(pauses, timedelta()) < timedelta(days=3.1)
    assert pause_after(12, chance=0) is None


def test_events_of_a_webhook_are_sorted_without_duplicates() -> None:
    assert valid_events(["outbound.sent", "outbound.held", "outbound.sent"]) == (
        "outbound.held",
        "outbound.sent",
    )
    assert valid_events(EVENT_TYPES) == EVENT_TYPES
    for wrong in ([], ["outbound.sent", "moon.rose"]):
        with pytest.raises(BadInput):
            valid_events(wrong)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("::1", False),
        ("::", False),
        ("::101:101", True),
        ("::2", False),
        ("2002:101:101::1", True),
        ("2002:a00:1::1", False),
        ("fec0::1", False),
        ("fe80::1%eth0", False),
        ("2606:4700::1111%1", False),
        ("ff0e::1", False),
        ("nothing", False),
    ],
)
def test_an_ipv4_address_embedded_in_ipv6_is_judged_too(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("host", "literal"),
    [
        ("127.1", True),
        ("2130706433", True),
        ("::1", True),
        ("tool.example.org", False),
        ("1a.example", False),
    ],
)
def test_literal_addresses_need_no_lookup(host: str, literal: bool) -> None:
    assert is_literal(host) is literal


@pytest.mark.parametrize(
    ("url", "mend", "words"),
    [
        ("ftp://tool.example.org", "mends.webhook_url", {}),
        ("https://tool.example.org/" + "x" * 2024, "mends.webhook_url", {}),
        ("https://anna@tool.example.org", "mends.webhook_password", {}),
        ("https://:secret@tool.example.org", "mends.webhook_password", {}),
        ("https://tool%2eexample.org", "mends.webhook_password", {}),
        ("https://tool.example.org:1023", "mends.webhook_port", {"port": 1023}),
    ],
)
def test_the_refusal_of_an_address_states_the_reason(url: str, mend: str, words: dict[str, object]) -> None:
    assert refusal_of(lambda: read_address(url)) == ("url", mend, words)
