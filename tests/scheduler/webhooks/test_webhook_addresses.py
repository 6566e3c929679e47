"""Addresses to which nothing is ever sent, whatever a name server answers."""

from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from holdline.scheduler.webhooks.webhook_wire import PRIVATE
from holdline.store.engine import Store
from tests.scheduler.webhooks.conftest import added, happens, log, tick
from tests.scheduler.webhooks.receivers import Receiver


@pytest.mark.row("M-16")
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{}", "http://127.1:{}", "http://localhost:{}", "http://[::1]:{}"]
)
async def test_webhooks_are_never_sent_to_a_private_address(told: Store, there: Receiver, url: str) -> None:
    """They were added while it was allowed; each delivery asks anew."""
    await added(told, url.format(there.url.rpartition(":")[2]))
    await happens(told)
    assert await tick(told, to_private=False) == 1
    assert there.requests == []
    assert [row["error"] for row in await log(told)] == [PRIVATE]


class Names(AbstractResolver):
    """A name server that answers otherwise each time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        found = self.answers.pop(0)
        return [
            ResolveResult(hostname=host, host=one, port=port, family=2, proto=6, flags=4) for one in found
        ]

    async def close(self) -> None: ...


@pytest.mark.parametrize("second", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["169.254.169.254"]])
async def test_a_host_name_changed_to_a_private_address_is_refused(
    told: Store, there: Receiver, second: list[str]
) -> None:
    """DNS rebinding: the address that is connected to is the one that was checked, at each try."""
    port = there.url.rpartition(":")[2]
    await added(told, f"http://tool.example.org:{port}")
    await happens(told)
    names = Names(second)
    assert await tick(told, to_private=False, resolver=names) == 1
    assert (names.answers, there.requests) == ([], [])
    assert [row["error"] for row in await log(told)] == [PRIVATE]


async def test_a_host_is_resolved_once_per_try_and_that_address_is_used(told: Store, there: Receiver) -> None:
    await added(told, f"http://tool.example.org:{there.url.rpartition(':')[2]}")
    await happens(told)
    names = Names(["127.0.0.1"], ["93.184.216.34"])
    assert await tick(told, to_private=True, resolver=names) == 1
    assert (len(there.requests), names.answers) == (1, [["93.184.216.34"]])
    assert there.requests[0][0]["host"].startswith("tool.example.org")
