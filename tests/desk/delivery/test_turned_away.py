"""Which items end, wait or are put off instead of being sent. A wrong step would send to somebody who wants nothing, or
stop a chat for ever.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.delivery.discard import end_if_taken_back
from holdline.desk.delivery.start import _end_reason
from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import Gate, MessageClass
from holdline.dialogs.marketing.customer_days import parse_quiet_hours
from holdline.dialogs.outbox.item import READER_LEFT_DESK
from holdline.store.delivery import telegram_messages
from holdline.store.delivery.telegram_messages import TelegramMessage
from holdline.store.dialogs import places
from holdline.store.people import customers, managers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from tests.desk.delivery.lines_kit import lines
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, notices, plain_render

FIRST = 520000000
FORMER = -1009999999999


async def begun(bench: Bench, **options: Any) -> list[str]:
    return [call.call.params["text"] for call in await bench.begin(**options)]


@pytest.mark.parametrize(("gate", "status"), [(Gate.HELD, "dropped"), (Gate.OPEN, "queued")])
async def test_a_smart_reply_is_dropped_once_a_manager_answers(bench: Bench, gate: Gate, status: str) -> None:
    answer = await bench.add("answer", MessageClass.SMART_REPLY)
    await bench.add("reply")
    await bench.store.act(customers.set_gate, bench.anna.id, gate)
    assert await begun(bench) == ["reply"]
    assert (await bench.item(answer))["status"] == status


@pytest.mark.parametrize(
    ("class_", "gate", "status"),
    [
        (MessageClass.SMART_REPLY, Gate.HELD, "dropped"),
        (MessageClass.FUNNEL, Gate.HELD, "queued"),
        (MessageClass.FUNNEL, Gate.OPEN, "sending"),
    ],
)
async def test_behind_a_cancelled_reply_marketing_still_checks_the_gate(
    bench: Bench, class_: MessageClass, gate: Gate, status: str
) -> None:
    await bench.add("late", expires_at=bench.clock.now())
    offer = await bench.add("offer", class_)
    await bench.store.act(customers.set_gate, bench.anna.id, gate)
    await bench.begin()
    row = await bench.item(offer)
    assert row["status"] == status
    if status == "dropped":
        assert row["error"] == "held"


async def test_smart_replies_are_dropped_if_the_gate_was_held_before_their_chat_was_due(
    bench: Bench,
) -> None:
    answers = [await bench.add(f"answer {number}", MessageClass.SMART_REPLY) for number in range(2)]
    await bench.add("late", expires_at=bench.clock.now())
    await bench.begin(limit=0)
    await bench.store.act(lambda tx: tx.run("UPDATE chats SET marketing_due_at = NULL"))
    await bench.store.act(customers.set_gate, bench.anna.id, Gate.HELD)
    assert await begun(bench) == []
    rows = [await bench.item(item) for item in answers]
    assert {(row["status"], row["error"]) for row in rows} == {("dropped", "held")}


async def test_expired_marketing_does_not_delay_the_next_message(bench: Bench) -> None:
    late = await bench.add("late", MessageClass.FUNNEL, expires_at=bench.clock.now())
    await bench.add("offer", MessageClass.FUNNEL)
    assert await begun(bench) == ["offer"]
    assert (await bench.item(late))["status"] == "expired"


async def shown(bench: Bench, lines_: int) -> None:
    """So many lines of Anna's are shown in the group in this minute."""
    copies = [
        TelegramMessage(GROUP, number, "copy", Audience.DESK, customer_id=bench.anna.id)
        for number in range(1, lines_ + 1)
    ]
    await bench.store.act(telegram_messages.add_all, copies)


async def test_a_customer_with_many_recent_operations_lets_others_go_first(bench: Bench) -> None:
    await shown(bench, 6)
    (line,) = await lines(bench, 1, operations=0)
    other = await bench.customer_id(FIRST)
    await bench.add("other", MessageClass.DESK, kind="mirror", chat_id=GROUP, customer_id=other)
    assert "other" in await begun(bench)
    assert (await bench.item(line["id"]))["status"] == "queued"


async def test_without_other_waiting_customers_the_group_pauses_a_second(bench: Bench) -> None:
    await shown(bench, 6)
    await lines(bench, 1, operations=0)
    assert [call for call in await bench.begin() if call.chat_id == GROUP] == []
    assert (await bench.chat(GROUP))["not_before_at"] - bench.clock.now() == timedelta(seconds=1)


@pytest.mark.parametrize(("operations", "starts"), [(17, True), (18, False)])
async def test_an_album_starts_where_all_its_parts_have_room(
    bench: Bench, operations: int, starts: bool
) -> None:
    await lines(bench, 0, operations=operations)
    album = {"kind": "album", "payload": {"message_ids": [1, 2, 3]}}
    await bench.add("album", **DESK, **album)
    await bench.add("line", **DESK)
    assert await begun(bench) == (["album"] if starts else []), "what comes after it keeps the order"


@pytest.mark.parametrize(("operations", "rank", "starts"), [(9, 4, True), (10, 4, False), (10, 3, True)])
async def test_asides_use_at_most_half_of_the_minute(
    bench: Bench, operations: int, rank: int, starts: bool
) -> None:
    await lines(bench, 0, operations=operations)
    item = await bench.add("aside", **DESK, rank=rank)
    assert await begun(bench) == (["aside"] if starts else [])
    assert ((await bench.item(item))["due_at"] > bench.clock.now()) is not starts


async def of_broadcast(bench: Bench, status: str) -> int:
    def work(tx: Tx) -> int:
        row = tx.one(
            """INSERT INTO broadcasts (bot_id, content_json, audience_json, starts_at, status, expected, created_at)
               VALUES (:bot, '{}', '{}', :at, :status, 1, :at) RETURNING id""",
            bot=tx.bot_id,
            status=status,
            at=tx.at,
        )
        assert row is not None
        item = tx.one("SELECT MAX(id) AS id FROM outbox")
        assert item is not None
        tx.run(
            "UPDATE outbox SET broadcast_id = :broadcast WHERE id = :id", broadcast=row["id"], id=item["id"]
        )
        return int(item["id"])

    await bench.add(status, MessageClass.BROADCAST)
    return await bench.store.act(work)


async def test_a_paused_broadcast_waits_alone_and_a_cancelled_one_ends(bench: Bench) -> None:
    paused, cancelled = await of_broadcast(bench, "paused"), await of_broadcast(bench, "cancelled")
    await bench.add("offer", MessageClass.FUNNEL)
    assert await begun(bench) == ["offer"]
    row = await bench.item(paused)
    assert (row["status"], row["waits_for"], row["due_at"] > bench.clock.now()) == ("queued", "paused", True)
    assert (await bench.item(cancelled))["status"] == "cancelled"


async def test_quiet_hours_put_off_all_marketing_of_the_customer_at_once(bench: Bench) -> None:
    now = bench.clock.now()
    bench.store.rules = replace(bench.store.rules, quiet_hours=parse_quiet_hours("00:00-08:00"))
    offers = [await bench.add(f"offer {number}", MessageClass.FUNNEL) for number in range(2)]
    answer = await bench.add("answer", MessageClass.SMART_REPLY, due_at=now + timedelta(hours=1))
    short = await bench.add("short", MessageClass.FUNNEL, expires_at=now + timedelta(hours=1))
    assert await begun(bench) == []
    rows = [await bench.item(item) for item in (*offers, short)]
    assert {row["waits_for"] for row in rows} == {"quiet_hours"}
    assert [row["due_at"] - now for row in rows] == [timedelta(hours=hours) for hours in (8, 8, 1)]
    assert (await bench.item(answer))["waits_for"] is None
    bench.clock.advance(3600)
    (call,) = await bench.begin()
    assert call.outbox_id == answer
    await bench.settle(call)
    bench.clock.advance(2)
    assert await begun(bench) == []
    assert (await bench.item(short))["status"] == "expired"


async def ends(bench: Bench, item: Row, **fields: Any) -> tuple[str, str] | None:
    return await bench.store.act(_end_reason, {**item, **fields})


async def test_marketing_that_a_manager_sends_past_the_gate_is_still_refused(bench: Bench) -> None:
    item = await bench.item(await bench.add("offer", MessageClass.FUNNEL))
    assert await ends(bench, item, stream="dialog") is None
    await bench.store.act(customers.set_fields, bench.anna.id, opted_out_at=bench.clock.now())
    assert await ends(bench, item, stream="dialog") == ("cancelled", "opted_out")
    assert await ends(bench, item) is None, "its own stream asks when it takes its turn"
    assert await ends(bench, item, stream="dialog", **{"class": "manager"}) is None


async def test_desk_items_are_cancelled_if_their_reader_left_the_desk(bench: Bench) -> None:
    item = await bench.item(await bench.add("card", **{**DESK, "chat_id": bench.maria.telegram_id}))
    gone = ("cancelled", READER_LEFT_DESK)
    assert await ends(bench, item) is None
    assert await ends(bench, item, chat_id=ANNA.telegram_id) == gone
    assert await ends(bench, item, chat_id=ANNA.telegram_id, audience="customer") is None
    await bench.store.act(managers.update, bench.maria.id, active=False)
    assert await ends(bench, item) == gone


async def test_a_former_group_gets_only_the_call_that_leaves_it(bench: Bench) -> None:
    item = await bench.item(await bench.add("card", **DESK))
    place = await bench.store.act(places.insert, chat_id=FORMER, dialog_id=None, mode="topic", name="Inbox")
    assert await ends(bench, item, chat_id=FORMER) is None
    await bench.store.act(places.end, place["id"])
    assert await ends(bench, item, chat_id=FORMER) == ("cancelled", "not the staff group any more")
    assert await ends(bench, item, chat_id=FORMER, kind="leave_chat") is None
    assert await ends(bench, item) is None


async def test_a_message_taken_back_is_not_shown_to_its_customer(bench: Bench) -> None:
    (line,) = await lines(bench, 1, operations=0)
    part = {**line, "kind": "message", "audience": "customer", "chat_id": ANNA.telegram_id}
    assert not await bench.store.act(end_if_taken_back, part)
    taken = "UPDATE messages SET deleted_at = :at WHERE id = :id"
    await bench.store.act(lambda tx: tx.run(taken, at=tx.at, id=line["message_id"]))
    for other in ({"message_id": None}, {"kind": "rating_form"}):
        assert not await bench.store.act(end_if_taken_back, {**part, **other})
    assert not await bench.store.act(end_if_taken_back, line), "the desk still sees what the customer said"
    assert await bench.store.act(end_if_taken_back, part)
    ended = await bench.item(line["id"])
    assert (ended["status"], ended["error"]) == ("cancelled", "taken back")


@pytest.mark.parametrize("careful", [False, True])
async def test_an_item_that_cannot_be_rendered_is_parked_and_the_next_goes(
    bench: Bench, careful: bool
) -> None:
    broken = await bench.add("broken", payload={"broken": "x" * 400})
    empty = await bench.add("empty", payload={"skip": "taken back"})
    await bench.add("good")
    assert await begun(bench, careful=careful) == ["good"]
    row = await bench.item(broken)
    assert (row["status"], row["error"]) == (
        "parked",
        f"could not be rendered: KeyError: '{'x' * 400}'"[:300],
    )
    assert (await bench.item(empty))["status"] == "cancelled"


async def test_changes_of_a_broken_item_are_undone(bench: Bench) -> None:
    def render(tx: Tx, item: Row) -> Call | Skip:
        if item["key"] == "broken":
            tx.run("UPDATE outbox SET error = 'written' WHERE key = 'good'")
            raise RuntimeError("no words")
        return plain_render(tx, item)

    await bench.add("broken")
    good = await bench.add("good")
    with pytest.raises(RuntimeError):
        await bench.begin(render=render)
    assert await begun(bench, render=render, careful=True) == ["good"]
    assert (await bench.item(good))["error"] is None


async def test_a_message_that_cannot_be_sent_again_is_reported(bench: Bench) -> None:
    (line,) = await lines(bench, 1, operations=0)
    view = {"kind": "mirror", "message_id": line["message_id"], "customer_id": bench.anna.id}
    lost = await bench.add("lost", MessageClass.DESK, chat_id=GROUP - 1, **view)

    def render(_: Tx, item: Row) -> Call | Skip:
        return Skip("the file is gone", is_loss=item["chat_id"] == GROUP - 1)

    assert await bench.begin(render=render) == []
    row = await bench.item(lost)
    assert (row["status"], row["error"]) == ("parked", "the file is gone")
    assert (await bench.item(line["id"]))["status"] == "cancelled"
    (notice,) = await notices(bench)
    assert (notice["chat_id"], notice["payload_json"]["key"]) == (GROUP - 1, "delivery.not_shown")


async def test_an_event_refused_before_is_left_out(bench: Bench) -> None:
    await bench.add("a", payload={"quote": 5, "mends": ["no_quote"]})
    (call,) = await bench.begin()
    assert "reply_parameters" not in call.call.params
