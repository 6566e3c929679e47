"""How long a chat pauses after a call, and which calls count in a group's minute."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from holdline.desk.delivery.cooldown import (
    operation_count,
    pause_after,
    pause_behind,
    put_off_asides,
    record_operation,
    wait_for_album,
)
from holdline.dialogs.outbox.item import ASIDE
from holdline.dialogs.rules import DeskRules
from holdline.store.delivery import chats
from holdline.store.tx import Row, Tx, to_micros
from holdline.telegram.outcomes import Action, Outcome, RetryLater, Scope, Sent, Uncertain
from holdline.telegram.pacing import GROUP_BURST, MINUTE
from tests.scheduler.conftest import DESK, GROUP, Bench, no

SENT = Sent({"message_id": 1})
STEP = timedelta(seconds=1.05)
ALBUM = {"kind": "album", "payload": {"message_ids": [1, 2, 3]}}


async def fill_minute(bench: Bench, operations: int) -> datetime:
    """So many operations of the group, the last one now; returns the moment of the first."""

    def fill(tx: Tx) -> datetime:
        moments = [tx.at - number * timedelta(seconds=1) for number in reversed(range(operations))]
        chats.add(tx, [GROUP])
        chats.remember_recent(tx, GROUP, [to_micros(moment) for moment in moments])
        return moments[0]

    return await bench.store.act(fill)


async def recent(bench: Bench, chat_id: int = GROUP) -> list[int]:
    stamps: list[int] = (await bench.chat(chat_id))["recent_operations_json"]
    return stamps


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (SENT, 1),
        (no(Action.PARK), 1),
        (Uncertain("no answer"), 1),
        (RetryLater("no way", Scope.BOT), 0),
    ],
)
async def test_calls_that_telegram_got_count_towards_the_minute(
    bench: Bench, outcome: Outcome, counts: int
) -> None:
    await bench.add("a", **DESK)
    (begun,) = await bench.begin()
    await bench.settle(begun, outcome)
    assert len(await recent(bench)) == counts


async def test_each_part_of_an_album_counts_and_a_private_chat_keeps_no_record(bench: Bench) -> None:
    album, plain = await bench.add("a", **DESK, **ALBUM), await bench.add("b")
    assert operation_count(await bench.item(album)) == 3
    assert operation_count({**await bench.item(album), "payload_json": {"message_ids": []}}) == 1
    assert operation_count(await bench.item(plain)) == 1
    for begun in await bench.begin():
        await bench.settle(begun)
    assert len(await recent(bench)) == 3
    customer = await bench.item(plain)
    chat = await bench.chat()
    assert chat["recent_operations_json"] == []
    await bench.store.act(record_operation, chat, customer, SENT)
    assert (await bench.chat())["recent_operations_json"] == []


async def rest(bench: Bench, item: Row, outcome: Outcome = SENT) -> timedelta:
    def read(tx: Tx, chat: Row) -> timedelta:
        return pause_after(tx, chat, item, outcome) - tx.at

    return await bench.store.act(read, await bench.chat(item["chat_id"]))


async def test_a_private_chat_pauses_a_second_after_a_message_and_a_third_after_an_edit(bench: Bench) -> None:
    plain = await bench.item(await bench.add("a"))
    edit = await bench.item(await bench.add("b", kind="edit_copy", payload={"tg_message_id": 5}))
    assert await rest(bench, plain) == STEP
    assert await rest(bench, edit) == STEP / 3
    assert await rest(bench, plain, RetryLater("no way", Scope.BOT)) == timedelta(0)
    (begun, *_) = await bench.begin()
    await bench.settle(begun)
    assert await rest(bench, edit, RetryLater("no way", Scope.BOT)) == STEP


async def test_a_group_pauses_when_its_burst_is_used(bench: Bench) -> None:
    line = await bench.item(await bench.add("a", **DESK))
    assert await rest(bench, line) == timedelta(0)
    for number in range(GROUP_BURST - 1):
        (begun,) = await bench.begin()
        await bench.settle(begun)
        await bench.add(f"b{number}", **DESK)
    assert await rest(bench, line) == STEP
    assert await bench.store.act(pause_behind, line) == STEP


async def test_after_a_flood_a_group_has_no_burst(bench: Bench) -> None:
    await bench.add("a", **DESK)
    (begun,) = await bench.begin()
    await bench.settle(begun, RetryLater("Too Many Requests", Scope.CHAT, 2, 429))
    bench.clock.advance(10)
    line = await bench.item(begun.outbox_id)
    assert await rest(bench, line) == STEP
    chat = await bench.chat(GROUP)
    bench.clock.advance((chat["no_burst_until_at"] - bench.clock.now()).total_seconds())
    assert await rest(bench, line) == timedelta(0)


async def test_a_private_chat_pauses_behind_any_item(bench: Bench) -> None:
    assert await bench.store.act(pause_behind, await bench.item(await bench.add("a"))) == STEP


async def test_asides_leave_half_of_the_minute_for_messages(bench: Bench) -> None:
    await fill_minute(bench, 9)
    aside = await bench.add("aside", rank=ASIDE, **DESK)
    assert not await bench.store.act(put_off_asides, await bench.item(aside))
    assert [begun.outbox_id for begun in await bench.begin()] == [aside]


async def test_asides_wait_until_half_of_the_minute_is_free(bench: Bench) -> None:
    first = await fill_minute(bench, 10)
    aside, other = [await bench.add(name, rank=ASIDE, **DESK) for name in ("aside", "other")]
    assert await bench.store.act(put_off_asides, await bench.item(aside))
    for item_id in (aside, other):
        assert (await bench.item(item_id))["due_at"] == first + MINUTE
    line = await bench.add("line", **DESK)
    assert [begun.outbox_id for begun in await bench.begin()] == [line]


async def test_a_private_chat_never_delays_items(bench: Bench) -> None:
    item = await bench.item(await bench.add("a", rank=ASIDE))
    assert not await bench.store.act(put_off_asides, item)
    assert not await bench.store.act(wait_for_album, item)


@pytest.mark.parametrize(("operations", "waits"), [(17, False), (18, True)])
async def test_an_album_waits_until_all_its_parts_have_room(
    bench: Bench, operations: int, waits: bool
) -> None:
    first = await fill_minute(bench, operations)
    album = await bench.item(await bench.add("album", **DESK, **ALBUM))
    assert await bench.store.act(wait_for_album, album) is waits
    assert ((await bench.chat(GROUP))["not_before_at"] == first + MINUTE) is waits


class TestWithoutLimits:
    @pytest.fixture
    def rules(self, rules: DeskRules) -> DeskRules:
        return replace(rules, per_chat_per_second=0, group_per_minute=0)

    async def test_without_a_limit_no_chat_waits(self, bench: Bench) -> None:
        for item_id in (await bench.add("a"), await bench.add("b", **DESK)):
            item = await bench.item(item_id)
            assert await bench.store.act(pause_behind, item) == timedelta(0)
            assert await rest(bench, item) == timedelta(0)


MARK: dict[str, Any] = {**DESK, "rank": ASIDE, "kind": "delivery_mark", "payload": {"tg_message_id": 7}}
UNDO: dict[str, Any] = {**DESK, "rank": ASIDE, "kind": "desk_notice", "payload": {"key": "x"}}
CARD: dict[str, Any] = {**DESK, "rank": ASIDE, "kind": "text", "payload": {"text": "card"}}


async def test_of_late_confirmations_the_newest_goes_first_and_nothing_else_waits_longer(
    bench: Bench,
) -> None:
    """A mark, the card of a broadcast, two marks, and the offer to undo of the newest reply."""
    first = await fill_minute(bench, 10)
    for key, kind in (("m1", MARK), ("card", CARD), ("m2", MARK), ("m3", MARK)):
        await bench.add(key, **kind)
    assert await bench.begin() == []
    bench.clock.advance((first + MINUTE - bench.clock.now()).total_seconds() - 1)
    await bench.add("undo", **UNDO)
    assert await bench.drain(120) == ["undo", "card", "m3", "m2", "m1"]


async def test_confirmations_of_a_quiet_group_keep_their_order(bench: Bench) -> None:
    for key in ("m1", "m2", "m3"):
        await bench.add(key, **MARK)
    assert await bench.drain() == ["m1", "m2", "m3"]
