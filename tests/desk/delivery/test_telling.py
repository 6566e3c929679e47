"""Who is notified of a failed message, where, and with which text. A wrong step would hide a lost reply from its
author, or offer a button that does nothing.
"""

from typing import Any

import pytest

from holdline.desk.delivery.closed_groups import hold_unknown_refusal, is_in_a_group
from holdline.desk.delivery.failure_notices import notify, notify_administrators
from holdline.desk.delivery.gate import move_gate
from holdline.dialogs.event import SYSTEM, Event, EventKind
from holdline.dialogs.gate import Gate, MessageClass
from holdline.store.conversation import messages
from holdline.store.people import customers
from holdline.store.tx import Row
from holdline.telegram.outcomes import Action
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, no, notices, opened, written

MARIA = 400000077


async def reply(bench: Bench, **fields: Any) -> Row:
    """A manager's reply to Anna, with these fields of its message instead."""
    message = await written(bench, await opened(bench))
    if fields:
        await bench.store.act(messages.set_fields, message.id, **fields)
    sql = "SELECT * FROM outbox WHERE message_id = :id AND audience = 'customer'"
    return await bench.one(sql, id=message.id)


async def told(bench: Bench, item: Row, key: str = "delivery.refused") -> Row:
    """The notice, with its payload's fields beside those of its row."""
    await bench.store.act(notify, item, key, reason="Bad Request: no")
    (row,) = await notices(bench)
    return {**row, **row["payload_json"]}


@pytest.mark.parametrize("key", ["delivery.refused", "delivery.change_refused"])
async def test_the_notice_replies_to_the_managers_message_and_offers_to_send_it_again(
    bench: Bench, key: str
) -> None:
    item = await reply(bench, thread_id=8)
    notice = await told(bench, item, key)
    assert (notice["key"], notice["chat_id"], notice["reply_to_tg_id"], notice["thread_id"]) == (
        key,
        MARIA,
        77,
        8,
    )
    button = {"key": "desk_notices.send_again", "data": f"again:{item['id']}"}
    assert notice.get("buttons") == ([[button]] if key == "delivery.refused" else None)
    assert set(notice["words"]) == {"dialog", "reason"} and notice["words"]["dialog"] == item["dialog_id"]
    assert (notice["place_id"], notice["dialog_id"], notice["expires_at"]) == (None, item["dialog_id"], None)
    marks = await bench.all("SELECT id FROM outbox WHERE kind = 'delivery_mark'")
    assert len(marks) == 1


@pytest.mark.parametrize("fields", [{"chat_id": None}, {"tg_message_id": None}, {"author_kind": "customer"}])
async def test_a_failed_message_not_written_in_telegram_is_reported_in_its_dialog(
    bench: Bench, fields: dict[str, Any]
) -> None:
    item = await reply(bench, **fields)
    notice = await told(bench, item)
    assert (notice["key"], notice["dialog_id"]) == ("delivery.lost_refused", item["dialog_id"])
    assert notice["place_id"] is not None
    assert notice["words"]["name"] == "Anna" and notice["words"]["what"] != {"key": "delivery.what_automatic"}
    assert "buttons" not in notice


@pytest.mark.parametrize("has_author", [True, False])
async def test_outside_any_dialog_the_author_of_a_failed_message_is_notified(
    bench: Bench, has_author: bool
) -> None:
    author = {} if has_author else {"manager_id": None}
    item = {**await reply(bench, chat_id=None, **author), "dialog_id": None}
    await bench.store.act(notify, item, "delivery.refused", reason="no")
    found = await notices(bench)
    assert [(row["chat_id"], row["place_id"]) for row in found] == ([(MARIA, None)] if has_author else [])
    for row in found:
        assert row["payload_json"]["words"]["dialog"] == 0


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"message_id": None}, "delivery.what_automatic"),
        ({"kind": "rating_form"}, "delivery.what_rating_form"),
    ],
)
async def test_a_failed_automatic_message_is_named_by_its_kind(
    bench: Bench, fields: dict[str, Any], what: str
) -> None:
    item = {**await reply(bench, chat_id=None), **fields}
    assert (await told(bench, item))["words"]["what"] == {"key": what}


async def test_a_failure_without_a_customer_names_the_chat(bench: Bench) -> None:
    item = {**await reply(bench, chat_id=None), "customer_id": None}
    assert (await told(bench, item))["words"]["name"] == str(ANNA.telegram_id)


@pytest.mark.parametrize("class_", ["funnel", "broadcast", "smart_reply"])
async def test_failed_marketing_causes_no_notice(bench: Bench, class_: str) -> None:
    await bench.store.act(notify, {**await reply(bench), "class": class_}, "delivery.refused", reason="no")
    assert await notices(bench) == []


@pytest.mark.parametrize("has_place", [True, False])
async def test_a_failed_view_is_reported_in_its_own_place(bench: Bench, has_place: bool) -> None:
    dialog = await opened(bench)
    place = await bench.one("SELECT * FROM places WHERE dialog_id = :id", id=dialog.id)
    fields = {"chat_id": place["chat_id"], "payload": {"thread_id": 8}}
    where = {"place_id": place["id"]} if has_place else {}
    notice = await told(bench, await bench.item(await bench.add("view", **{**DESK, **fields, **where})))
    assert (notice["key"], notice["chat_id"]) == ("delivery.not_shown", place["chat_id"])
    assert (notice["place_id"], notice.get("thread_id")) == ((place["id"], None) if has_place else (None, 8))


async def test_an_alarm_goes_to_each_administrator_except_in_the_closed_chat(bench: Bench) -> None:
    item = await bench.item(await bench.add("view", **DESK))
    for chat_id in (MARIA, GROUP):
        words = {"key": "delivery.group_stopped", "reason": "no", "group": 5}
        await bench.store.act(notify_administrators, item={**item, "chat_id": chat_id}, **words)
    (notice,) = await notices(bench)
    payload = notice["payload_json"]
    assert (notice["chat_id"], payload["alarm"], payload["words"]["group"]) == (MARIA, True, 5)
    assert (notice["expires_at"] - bench.clock.now()).days == 7
    assert notice["key"] == f"delivery.group_stopped:{item['id']}:{MARIA}"


@pytest.mark.parametrize(
    ("fields", "is_seen"),
    [
        ({}, True),
        ({"audience": "customer"}, False),
        ({"chat_id": MARIA}, False),
        ({"kind": "edit_copy"}, False),
    ],
)
def test_only_messages_for_the_desk_count_as_shown_in_a_group(fields: dict[str, Any], is_seen: bool) -> None:
    assert is_in_a_group({"audience": "desk", "chat_id": GROUP, "kind": "mirror", **fields}) is is_seen


@pytest.mark.parametrize(
    ("aside", "stop", "doubt", "status", "due", "rests", "reasons", "told_of"),
    [
        (False, None, None, "queued", 0, 3, (None, "x"), []),
        (True, None, None, "parked", 0, 0, (None, None), ["delivery.not_shown"]),
        (True, None, "y", "queued", 0, 60, ("x", "x"), ["delivery.group_stopped"]),
        (False, "y", None, "queued", 63, 60, ("x", "x"), []),
    ],
)
async def test_an_unknown_refusal_is_quoted_in_the_notice(
    bench: Bench,
    aside: bool,
    stop: str | None,
    doubt: str | None,
    status: str,
    due: int,
    rests: int,
    reasons: tuple[str | None, str | None],
    told_of: list[str],
) -> None:
    payload = {"stood_aside": True} if aside else {}
    item = await bench.item(await bench.add("line", **DESK, kind="mirror", payload=payload))
    chat = {**await bench.chat(GROUP), "stop_reason": stop, "doubt_reason": doubt}
    refusal = no(Action.TRY_AGAIN, "x" * 400, code=499)
    rest = await bench.store.act(hold_unknown_refusal, item, chat, refusal)
    row, now = await bench.item(item["id"]), bench.clock.now()
    assert (row["status"], row["error"], row["error_code"]) == (status, "x" * 300, 499)
    assert ((row["due_at"] - now).total_seconds(), (rest.until - now).total_seconds()) == (due, rests)
    words = tuple(reason and "x" * 200 for reason in reasons)
    assert (rest.stop_reason, rest.doubt_reason) == words
    assert row["failures"] == (0 if aside or stop else 1)
    assert row["payload_json"].get("stood_aside", False) is (aside or stop is not None)
    assert [notice["payload_json"]["key"] for notice in await notices(bench)] == told_of


async def test_an_item_refused_twice_lets_others_go_first(bench: Bench) -> None:
    item = {**await bench.item(await bench.add("line", **DESK)), "failures": 1}
    rest = await bench.store.act(hold_unknown_refusal, item, await bench.chat(GROUP), no(Action.TRY_AGAIN))
    row, now = await bench.item(item["id"]), bench.clock.now()
    assert (row["due_at"] - now).total_seconds() == 15
    assert (rest.until - now).total_seconds() == 3
    assert (row["payload_json"], row["failures"]) == ({"stood_aside": True}, 0)


async def test_the_gate_is_held_while_a_dialog_is_active(bench: Bench) -> None:
    answer = await bench.add("answer", MessageClass.SMART_REPLY)
    event = Event(EventKind.DIALOG_OPENED, SYSTEM, bench.anna.id)
    await bench.store.act(move_gate, event)
    assert await bench.store.read(customers.gate_of, bench.anna.id) is Gate.OPEN
    assert (await bench.item(answer))["status"] == "queued"
    await opened(bench)
    assert await bench.store.read(customers.gate_of, bench.anna.id) is Gate.HELD
    assert (await bench.item(answer))["status"] == "dropped"
