"""Polling against the simulated Telegram: nothing is confirmed before it is stored."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from holdline.bot.gateway import Gateway
from holdline.bot.intake.bot_api import ALLOWED_UPDATES, BotApiResponse
from holdline.bot.intake.health_recorder import IntakeHealthRecorder
from holdline.bot.intake.polling import Poller, PollingConflict, TokenRefused
from holdline.bot.intake.webhook import WebhookRefused, open_webhook
from holdline.sandbox import Sandbox, SandboxOptions
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from tests.bot.inbox_kit import eventually, rows, states, text
from tests.bot.wire import Wire

TOKEN = "123456:sandbox-token"
DOOR = "http://127.0.0.1:9/door"


@pytest.fixture
async def box() -> Sandbox:
    return Sandbox(SandboxOptions(token=TOKEN, slow_short_polls=False, conflict_pause=0.05))


@pytest.fixture
async def url(box: Sandbox) -> AsyncIterator[str]:
    async with box.serve() as url:
        yield url


@pytest.fixture
async def wires(url: str) -> AsyncIterator[Callable[[], Wire]]:
    async with Gateway(TOKEN, url) as gateway:
        yield lambda: Wire(gateway)


@pytest.fixture
async def wire(wires: Callable[[], Wire]) -> Wire:
    return wires()


def waiting(box: Sandbox) -> list[int]:
    """What Telegram would still hand out."""
    return list(box.tg.updates.waiting)


async def kept(store: Store, count: int) -> bool:
    return len(await rows(store)) >= count


async def test_a_message_is_kept_and_the_next_poll_confirms_it(
    store: Store, box: Sandbox, wire: Wire
) -> None:
    poller = Poller(store, wire, poll_seconds=0)
    box.says(510000001, "Hello?")
    await poller.tick()
    [number] = await states(store)
    assert waiting(box) == [number]
    await poller.tick()
    assert waiting(box) == []
    assert "Hello?" in (await rows(store))[number]["raw"]
    assert box.problems == []


async def test_updates_fetched_and_not_committed_come_again(store: Store, box: Sandbox, wire: Wire) -> None:
    """The process dies between the fetch and the commit; the next one starts with nothing in memory."""
    for number in range(120):
        box.says(510000001 + number % 3, f"message {number}")
    lost = await wire("getUpdates", {"limit": 100, "timeout": 0, "allowed_updates": ALLOWED_UPDATES}, 5)
    assert len(lost.result) == 100
    poller = Poller(store, wire, poll_seconds=0)
    await poller.tick()
    again = Poller(store, wire, poll_seconds=0)  # died after the commit, before the confirmation
    await again.tick()
    await again.tick()
    assert len(await rows(store)) == 120


async def test_the_same_update_twice_is_one_row(store: Store, box: Sandbox, wire: Wire) -> None:
    poller = Poller(store, wire, poll_seconds=0)
    box.says(510000001, "once")
    await poller.tick()
    await poller.tick()
    [number] = await states(store)
    box.again(number)
    await poller.tick()
    await poller.tick()
    assert list(await states(store)) == [number]
    assert waiting(box) == []


async def test_nothing_is_confirmed_while_the_store_cannot_write(
    store: Store, box: Sandbox, wire: Wire
) -> None:
    class Full:
        """A store whose disk is full until it is not."""

        full = True

        async def act(self, *args: Any, **kwargs: Any) -> Any:
            if self.full:
                raise StoreUnavailable("database or disk is full")
            return await store.act(*args, **kwargs)

    disk = Full()
    poller = Poller(disk, wire, poll_seconds=0)  # type: ignore[arg-type] # a store that refuses
    box.says(510000001, "keep me")
    held = waiting(box)
    for _ in range(3):
        assert await poller.tick() > 0
        assert waiting(box) == held
    disk.full = False
    assert await poller.tick() == 0
    await poller.tick()
    assert list(await states(store)) == held
    assert waiting(box) == []


async def test_a_poison_update_in_a_batch_does_not_stop_the_others(
    store: Store, box: Sandbox, wire: Wire
) -> None:
    poller = Poller(store, wire, poll_seconds=0)
    box.says(510000001, "before")
    box.raw_update({"chat_member": {"new_chat_member": {"status": "astronaut"}}})
    box.raw_update({"surprise": [{"deep": [[[[[[1]]]]]]}]})
    box.says(510000001, "after")
    await poller.tick()
    await poller.tick()
    assert len(await rows(store)) == 4
    assert waiting(box) == []


async def test_an_item_without_an_update_id_never_moves_the_offset(store: Store) -> None:
    asked: list[Any] = []

    async def call(method: str, params: dict[str, Any], seconds: float) -> BotApiResponse:
        asked.append(params.get("offset"))
        return BotApiResponse(
            True, [None, {"message": {}}] if len(asked) < 3 else [text(7), {"update_id": "8"}]
        )

    poller = Poller(store, call, poll_seconds=0)
    for _ in range(4):
        await poller.tick()
    assert asked == [None, None, None, 8]
    assert sum(number > 0 for number in await states(store)) == 1


async def test_polling_names_the_kinds_of_updates_it_needs(store: Store, wire: Wire) -> None:
    await Poller(store, wire, poll_seconds=0).tick()
    [(_, params)] = wire.log
    assert {"message", "callback_query", "message_reaction", "chat_member"} <= set(params["allowed_updates"])
    assert "offset" not in params


async def test_a_running_poller_removes_a_webhook_and_confirms_when_stopped(
    store: Store, box: Sandbox, wire: Wire
) -> None:
    assert (await wire("setWebhook", {"url": DOOR}, 5)).ok
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(Poller(store, wire).run(stop))
        await eventually(lambda: _called(wire, "getUpdates"))
        box.says(510000001, "during a held poll")
        await eventually(lambda: kept(store, 1))
        stop.set()
    assert waiting(box) == []
    assert all("drop_pending_updates" not in params for _, params in wire.log)


async def _called(wire: Wire, method: str) -> bool:
    return any(called == method for called, _ in wire.log)


async def test_a_second_poller_gives_way_to_the_first(
    store: Store, box: Sandbox, wires: Callable[[], Wire]
) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        first = Poller(store, wires(), poll_seconds=5, newcomer_seconds=0)
        group.create_task(first.run(stop))
        box.says(510000001, "first")
        await eventually(lambda: kept(store, 1))
        with pytest.raises(PollingConflict, match="stop it first"):
            await Poller(store, wires(), poll_seconds=5).run(asyncio.Event())
        box.says(510000001, "second")
        await eventually(lambda: kept(store, 2))
        stop.set()


async def test_a_refused_token_stops_intake_with_a_sentence(store: Store, url: str) -> None:
    async with Gateway("123456:revoked", url) as gateway:
        with pytest.raises(TokenRefused, match="BotFather"):
            await Poller(store, Wire(gateway)).run(asyncio.Event())


async def test_a_network_failure_is_waited_out_and_then_cleared(
    store: Store, box: Sandbox, wire: Wire
) -> None:
    poller = Poller(store, wire, poll_seconds=0)
    box.faults.add("getUpdates", count=2, error_code=502, html="<html>Bad Gateway</html>")
    box.faults.add("getUpdates", count=2, drop="before")
    box.faults.add("getUpdates", count=1, retry_after=17)
    box.says(510000001, "patience")
    waits = [await poller.tick() for _ in range(7)]
    assert waits == [0.5, 1, 2, 4, 17, 0, 0]
    assert waiting(box) == []
    box.faults.add("getUpdates", count=9, error_code=500)
    assert [await poller.tick() for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


async def test_a_webhook_is_set_only_with_its_secret(store: Store, box: Sandbox, wire: Wire) -> None:
    with pytest.raises(WebhookRefused, match="secret"):
        await open_webhook(wire, IntakeHealthRecorder(store), url=DOOR, secret="")
    assert wire.log == []
    await open_webhook(wire, IntakeHealthRecorder(store), url=DOOR, secret="s3cret_-")
    assert (box.tg.webhook.url, box.tg.webhook.secret) == (DOOR, "s3cret_-")
    with pytest.raises(WebhookRefused, match="Telegram"):
        await open_webhook(wire, IntakeHealthRecorder(store), url="nonsense", secret="s3cret")


async def test_an_outage_while_the_webhook_is_set_is_waited_out(
    store: Store, box: Sandbox, wire: Wire
) -> None:
    box.faults.add("setWebhook", count=1, drop="before")
    box.faults.add("setWebhook", count=1, error_code=502, html="<html>Bad Gateway</html>")
    await open_webhook(wire, IntakeHealthRecorder(store), url=DOOR, secret="s3cret")
    assert box.tg.webhook.url == DOOR
    assert len(wire.log) == 3
