"""The consequences of an unanswered call may fail; its chat and all others like it still continue."""

import pytest

from holdline.desk.delivery import settle
from holdline.desk.delivery.delivery import settle_orphans
from holdline.scheduler.sender import Sender
from holdline.scheduler.settlement_queue import SettlementQueue
from holdline.store.errors import StoreUnavailable
from holdline.store.tx import Row, Tx
from tests.scheduler.conftest import Bench, plain_render
from tests.scheduler.wire import FakeWire


def break_consequences(patch: pytest.MonkeyPatch) -> None:
    def broken(tx: Tx, items: list[Row], *, certain: bool) -> None:
        raise ValueError("a fault of ours")

    patch.setattr(settle, "record_crossings", broken)


async def in_flight(bench: Bench) -> list[int]:
    """A message and a change whose answers never came."""
    edit = {"kind": "edit_copy", "payload": {"tg_message_id": 5}}
    items = [await bench.add("a"), await bench.add("b", chat_id=600, customer_id=None, **edit)]
    assert len(await bench.begin()) == 2
    return items


async def statuses(bench: Bench, items: list[int]) -> list[tuple[str, int]]:
    rows = [await bench.item(item) for item in items]
    return [(row["status"], row["uncertain"]) for row in rows]


async def test_overdue_calls_end_even_if_their_consequences_fail(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = await in_flight(bench)
    bench.clock.advance(60)
    break_consequences(monkeypatch)
    sender = Sender(bench.store, render=plain_render, gateway=FakeWire())
    assert await sender.reap() == 2
    assert await statuses(bench, items) == [("queued", 1), ("queued", 0)]
    assert await sender.reap() == 0


async def test_the_calls_of_a_dead_sender_end_even_if_their_consequences_fail(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = await in_flight(bench)
    break_consequences(monkeypatch)
    queue = SettlementQueue(bench.store, lambda: 0.0)
    assert await queue.end_unanswered(settle_orphans, epoch=2) == 2
    assert await statuses(bench, items) == [("queued", 1), ("queued", 0)]


async def test_an_unavailable_store_is_not_treated_as_a_failed_consequence(bench: Bench) -> None:
    queue = SettlementQueue(bench.store, lambda: 0.0)

    def away(tx: Tx) -> int:
        raise StoreUnavailable("away")

    with pytest.raises(StoreUnavailable):
        await queue.end_unanswered(away)
