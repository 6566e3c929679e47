"""Which calls start, how many, and what their sender must know. A wrong step would leave no room for replies."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.gate import MessageClass
from holdline.store.engines import leases
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, plain_render

FIRST = 520000000
FORMER = -1009999999999


async def people(bench: Bench, number: int) -> list[tuple[int, int]]:
    """So many customers: their chats and ids."""
    chats = range(FIRST, FIRST + number)
    return [(chat_id, await bench.customer_id(chat_id)) for chat_id in chats]


async def funnels(bench: Bench, number: int, class_: MessageClass = MessageClass.FUNNEL) -> list[int]:
    """An item of marketing for each of so many customers; their chats."""
    found = await people(bench, number)
    for chat_id, customer_id in found:
        await bench.add(f"{class_} {chat_id}", class_, chat_id=chat_id, customer_id=customer_id)
    return [chat_id for chat_id, _ in found]


async def begun(bench: Bench, **options: Any) -> list[str]:
    return [call.call.params["text"] for call in await bench.begin(**options)]


@pytest.mark.parametrize(
    ("ahead", "everything", "expected"),
    [
        (0, True, ["reply", "offer"]),
        (1, True, []),
        (0, False, ["reply", "offer"]),
        (1, False, ["reply"]),
    ],
)
async def test_a_freeze_ends_at_its_moment(
    bench: Bench, ahead: float, everything: bool, expected: list[str]
) -> None:
    await bench.store.act(leases.seize, "sender", "me", seconds=15)
    (guest,) = await people(bench, 1)
    await bench.add("reply")
    await bench.add("offer", MessageClass.FUNNEL, chat_id=guest[0], customer_id=guest[1])
    until = bench.clock.now() + timedelta(microseconds=ahead)
    await bench.store.act(leases.freeze, until=until, everything=everything, reason="429")
    assert await begun(bench) == expected


async def test_only_the_leader_starts_calls(bench: Bench) -> None:
    for _ in range(2):
        await bench.store.act(leases.seize, "sender", "me", seconds=15)
    await bench.add("reply")
    assert [await begun(bench, epoch=epoch) for epoch in (1, 3, 2)] == [[], [], ["reply"]]


async def test_in_careful_mode_one_call_is_in_flight(bench: Bench) -> None:
    await bench.store.act(leases.seize, "sender", "me", seconds=15)
    for number in range(3):
        await bench.add(str(number), chat_id=600 + number, customer_id=None)
    await bench.store.act(leases.set_careful, until=bench.clock.now() + timedelta(minutes=1))
    assert await begun(bench, limit=0) == []
    assert await begun(bench) == ["0"]
    assert await begun(bench) == []


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"limit": 9}, (1, 3)),
        ({"limit": 2}, (1, 1)),
        ({"limit": 1}, (1, 0)),
        ({"limit": 9, "marketing_limit": 3}, (1, 2)),
        ({"limit": 2, "marketing_limit": 9}, (1, 1)),
        ({"limit": 9, "marketing_limit": 0}, (1, 0)),
    ],
)
async def test_marketing_uses_the_capacity_that_replies_leave(
    bench: Bench, limits: dict[str, int], expected: tuple[int, int]
) -> None:
    await funnels(bench, 3)
    await bench.add("reply")
    calls = await bench.begin(**limits)
    marketing = sum(call.is_marketing for call in calls)
    assert (len(calls) - marketing, marketing) == expected


async def test_a_chat_gets_one_call_even_if_a_reply_and_marketing_are_due(bench: Bench) -> None:
    await bench.add("offer", MessageClass.FUNNEL)
    (other,) = await funnels(bench, 1)
    await bench.add("reply")
    assert await begun(bench) == ["reply", f"funnel {other}"]


@pytest.mark.parametrize(("before", "first"), [(0, "funnel"), (3, "broadcast")])
async def test_a_broadcast_gets_every_fourth_marketing_turn(bench: Bench, before: int, first: str) -> None:
    chats = await funnels(bench, 2)
    other = await bench.customer_id(FIRST + 9)
    await bench.add("broadcast", MessageClass.BROADCAST, chat_id=FIRST + 9, customer_id=other)
    words = await begun(bench, limit=1, marketing_started=before)
    assert words == [first if first == "broadcast" else f"funnel {chats[0]}"]


async def test_a_chat_without_due_items_is_not_checked_again(bench: Bench) -> None:
    await bench.add("late", expires_at=bench.clock.now())
    assert await begun(bench) == []
    assert (await bench.chat())["dialog_due_at"] is None


@pytest.mark.parametrize(("lease", "of_upload"), [(30, 90), (120, 120)])
async def test_a_started_call_has_its_item_attempt_and_lease(
    bench: Bench, lease: float, of_upload: float
) -> None:
    def render(_: Tx, item: Row) -> Call:
        files = {"photo": ("a.jpg", b"x")} if item["key"] == "upload" else {}
        return Call("sendMessage", {"text": item["key"]}, files=files)

    chats = await funnels(bench, 1)
    reply, upload = await bench.add("reply"), await bench.add("upload", chat_id=600, customer_id=None)
    card = await bench.add("card", **DESK)
    calls = {call.chat_id: call for call in await bench.begin(render=render, lease_seconds=lease)}
    anna = calls[ANNA.telegram_id]
    assert (anna.outbox_id, anna.kind, anna.attempt, anna.epoch) == (reply, "message", 1, 1)
    assert (calls[600].outbox_id, calls[GROUP].outbox_id) == (upload, card)
    assert {chat for chat, call in calls.items() if call.is_marketing} == set(chats)
    assert {chat for chat, call in calls.items() if call.shared} == {GROUP}
    assert not any(call.is_paid for call in calls.values())
    assert {call.token for call in calls.values()} == {anna.token} and anna.token.startswith("test:")
    for chat_id, call in calls.items():
        chat = await bench.chat(chat_id)
        seconds = of_upload if call.call.files else lease
        assert chat["leased_until_at"] - bench.clock.now() == timedelta(seconds=seconds)
        assert (chat["lease_token"], chat["in_flight_id"]) == (anna.token, call.outbox_id)


async def test_a_message_that_ended_while_it_was_rendered_is_not_sent(bench: Bench) -> None:
    item = await bench.add("reply")

    def render(tx: Tx, row: Row) -> Call | Skip:
        tx.run("UPDATE outbox SET status = 'cancelled' WHERE id = :id", id=row["id"])
        return plain_render(tx, row)

    assert await begun(bench, render=render) == []
    assert (await bench.item(item))["status"] == "cancelled"
