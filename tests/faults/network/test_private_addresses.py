"""T22: every way to write an address inside the desk's own network, against the wire of webhooks.

The desk itself fetches nothing else: media go to Telegram as file ids, and the language service is the operator's own.
"""

import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from holdline.dialogs.webhooks.signature import secret_of
from holdline.dialogs.webhooks.webhook import Delivery
from holdline.scheduler.webhooks.webhook_wire import WebhookWire
from holdline.store.clock import Clock
from tests.faults.figures import Figures, report
from tests.scheduler.webhooks.receivers import Receiver, receiver

LITERALS = (
    "127.0.0.1", "127.0.0.2", "127.8.8.8", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
    "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.1.254", "169.254.0.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "127.1", "127.0.1", "10.1", "0", "2130706433", "3232235521", "2852039166", "017700000001", "0177.0.0.1",
    "0177.1", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "127.0.0.1.", "127.000.000.001", "127.0.0.01",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]",
    "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]",
    "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]",
)  # fmt: skip
NAMES = {
    "localhost": "127.0.0.1",
    "LOCALHOST": "127.0.0.1",
    "localhost.": "127.0.0.1",
    "localhost.localdomain": "127.0.0.1",
    "ip6-localhost": "::1",
    "tool.internal": "10.0.0.7",
    "metadata.google.internal": "169.254.169.254",
    "metadata": "169.254.169.254",
    "kubernetes.default.svc": "10.96.0.1",
    "host.docker.internal": "172.17.0.1",
    "127.0.0.1.nip.io": "127.0.0.1",
    "mapped.example.org": "::ffff:127.0.0.1",
    "nat.example.org": "64:ff9b::7f00:1",
    "zone.example.org": "fe80::1%lo",
    "any.example.org": "0.0.0.0",
    "empty.example.org": "",
}
WRITTEN = (
    "http://user@127.0.0.1:{}/", "http://user:pass@127.0.0.1:{}/", "http://tool.example.org@127.0.0.1:{}/",
    "http://127.0.0.1:{}@tool.example.org/", "http://tool.example.org#@127.0.0.1:{}/", "http:\\\\127.0.0.1:{}/",
    "http://tool.example.org\\@127.0.0.1:{}/", "http://127.0.0.1:{}\\.example.org/", "http:///127.0.0.1:{}/",
    "http:127.0.0.1:{}/", "//127.0.0.1:{}/", "HTTP://127.0.0.1:{}/", "ftp://127.0.0.1:{}/", "gopher://127.0.0.1:{}/",
    "file:///etc/passwd", "http://127。0。0。1:{}/", "http://①②⑦.0.0.1:{}/", "http://127.0.0.1%2f:{}/",
    "http://%31%32%37.0.0.1:{}/", "http://127.0.0.1 :{}/", "http://127.0.0.1\t:{}/", "http://\n127.0.0.1:{}/",
    "http://127.0.0.1:{}\r\nX-A: b/", "http://[::1]:{}:{}/", "http://[127.0.0.1]:{}/", "unix:///var/run/docker.sock",
)  # fmt: skip


class NamesOfTheTable(AbstractResolver):
    """Every other name leads to this machine."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        where = NAMES.get(host, "127.0.0.1")
        family = socket.AF_INET6 if ":" in where else socket.AF_INET
        return [ResolveResult(hostname=host, host=where, port=port, family=family, proto=6, flags=4)]

    async def close(self) -> None: ...


@pytest.fixture
async def canary() -> AsyncIterator[Receiver]:
    async with receiver() as one:
        yield one


def delivery(url: str) -> Delivery:
    return Delivery(1, 1, "msg_1", url, secret_of(b"k" * 32), "{}", 1)


async def test_no_notation_of_an_address_reaches_the_private_network(canary: Receiver) -> None:
    port = canary.url.rpartition(":")[2]
    hosts = [f"http://{host}:{port}/latest/meta-data/" for host in (*LITERALS, *NAMES)]
    urls = [*hosts, *(url.replace("{}", port) for url in WRITTEN)]
    accepted = []
    async with WebhookWire(Clock(), to_private=False, resolver=NamesOfTheTable()) as wire:
        for url in urls:
            result = await wire.send(delivery(url))
            if not result.error or result.http_status is not None:
                accepted.append(url)
    report(Figures(tried=len(urls), broken=len(accepted) + len(canary.requests), note="urls, one canary"))
    assert (accepted, canary.requests) == ([], [])
    assert len(urls) >= 80


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_counts_as_an_answer_and_is_never_followed(canary: Receiver, status: int) -> None:
    async with receiver(answers=[status]) as there, WebhookWire(Clock(), to_private=True) as wire:
        there.url, address = canary.url, there.url  # where its answer leads
        result = await wire.send(delivery(address))
    assert (result.http_status, canary.requests) == (status, [])


async def test_the_operator_may_allow_private_addresses(canary: Receiver) -> None:
    async with WebhookWire(Clock(), to_private=True) as wire:
        assert (await wire.send(delivery(canary.url))).error == ""
    assert len(canary.requests) == 1
