"""The consequences of every outcome: copies, statuses, notices, topics, moved groups, unreachable people."""

from datetime import timedelta

import pytest

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.removals import delete_message
from holdline.desk.conversation.replies import write_in_dialog, write_in_general
from holdline.desk.delivery.settle import settle_all
from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.screens.render import render
from holdline.store.delivery import telegram_messages
from holdline.store.engines import leases
from holdline.store.people import customers
from holdline.store.tx import Row
from holdline.telegram.call import Call, Reply
from holdline.telegram.outcomes import Action, Outcome, RetryLater, Scope, Sent, judge
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, no, notices, only, opened, sent, written


async def test_a_settled_call_cannot_be_settled_again(bench: Bench) -> None:
    item = await bench.add("a")
    (begun,) = await bench.begin()
    assert not await bench.settle(begun, token="somebody else")
    assert await bench.settle(begun, Sent({"message_id": 5}))
    assert not await bench.settle(begun, no(Action.PARK))
    assert (await bench.item(item))["tg_message_id"] == 5


async def test_a_stale_fence_is_refused(bench: Bench) -> None:
    await bench.store.act(leases.seize, "sender", "first", seconds=15)
    await bench.add("a")
    (begun,) = await bench.begin(epoch=1)
    await bench.store.act(leases.seize, "sender", "second", seconds=15)
    assert not await bench.settle(begun)
    assert (await bench.chat())["in_flight_id"] == begun.outbox_id


async def test_a_success_stores_copy_status_and_attempt(bench: Bench) -> None:
    message = await written(bench, await opened(bench))
    begun = await only(bench)
    await bench.settle(begun, Sent({"message_id": 900}))
    copy = await bench.store.read(telegram_messages.find, ANNA.telegram_id, 900)
    assert copy is not None and (copy["role"], copy["message_id"]) == ("copy", message.id)
    row = await bench.one("SELECT status, sent_at FROM messages WHERE id = :id", id=message.id)
    assert row["status"] == "sent" and row["sent_at"] == bench.clock.now()
    attempt = await bench.one(
        "SELECT outcome, ended_at FROM outbox_attempts WHERE outbox_id = :id", id=begun.outbox_id
    )
    assert attempt["outcome"] == "sent" and attempt["ended_at"] is not None


@pytest.mark.row("F-08")
async def test_a_split_message_counts_as_sent_with_its_last_part(bench: Bench) -> None:
    dialog = await opened(bench)
    message = await written(bench, dialog, "word " * 1000)
    first = await only(bench)
    await bench.settle(first)
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message.id)
    assert row["status"] == "queued"
    bench.clock.advance(2)
    await bench.settle(await only(bench))
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message.id)
    assert row["status"] == "sent"
    parts = await bench.store.read(telegram_messages.of_message, message.id)
    assert sorted(
        part["part"] for part in parts if part["role"] == "copy" and part["chat_id"] == ANNA.telegram_id
    ) == [0, 1]


@pytest.mark.parametrize("number", [2**63, 10**400, True, "900", None])
async def test_an_answer_without_a_storable_number_counts_as_sent(bench: Bench, number: object) -> None:
    """Everything else that follows from it is done."""
    message = await written(bench, await opened(bench))
    await bench.settle(await only(bench), Sent({"message_id": number}))
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message.id)
    item = await bench.one("SELECT status, error, tg_message_id FROM outbox WHERE kind = 'message'")
    assert (row["status"], item) == ("sent", {"status": "sent", "error": None, "tg_message_id": None})


@pytest.mark.row("F-06")
async def test_a_message_taken_back_in_flight_is_removed_afterwards(bench: Bench) -> None:
    await written(bench, await opened(bench))
    begun = await only(bench)
    where = {"chat_id": bench.maria.telegram_id, "tg_message_id": 77}
    await bench.store.act(delete_message, manager=bench.maria, **where)
    await bench.settle(begun, Sent({"message_id": 900}))
    removal = await bench.one(
        "SELECT * FROM outbox WHERE kind = 'delete_copy' AND chat_id = :c", c=ANNA.telegram_id
    )
    assert removal["payload_json"]["tg_message_id"] == 900


@pytest.mark.row("F-03")
async def test_a_message_edited_in_flight_is_edited_afterwards(bench: Bench) -> None:
    await written(bench, await opened(bench))
    begun = await only(bench)
    edited = Content(text="better", chat_id=bench.maria.telegram_id, tg_message_id=77)
    await bench.store.act(apply_manager_edit, manager=bench.maria, content=edited)
    await bench.settle(begun, Sent({"message_id": 900}))
    change = await bench.one(
        "SELECT * FROM outbox WHERE kind = 'edit_copy' AND chat_id = :c", c=ANNA.telegram_id
    )
    assert change["payload_json"]["tg_message_id"] == 900


@pytest.mark.row("F-10")
@pytest.mark.parametrize(
    ("action", "key", "reach"),
    [
        (Action.BLOCKED, "delivery.blocked", "blocked"),
        (Action.DEACTIVATED, "delivery.deactivated", "deactivated"),
        (Action.UNKNOWN_CHAT, "delivery.unknown", "unknown"),
        (Action.PARK, "delivery.refused", "ok"),
    ],
)
async def test_a_refused_message_is_reported_in_reply_to_it(
    bench: Bench, action: Action, key: str, reach: str
) -> None:
    message = await written(bench, await opened(bench))
    offer = await bench.add("offer", MessageClass.BROADCAST)
    await bench.settle(await only(bench), no(action, code=403))
    if action is Action.UNKNOWN_CHAT:  # one such answer is not enough
        assert await notices(bench) == []
        bench.clock.advance(3)
        await bench.settle(await only(bench), no(action, code=403))
    (notice,) = await notices(bench)
    assert notice["chat_id"] == bench.maria.telegram_id
    assert (notice["payload_json"]["key"], notice["payload_json"]["reply_to_tg_id"]) == (key, 77)
    anna = await bench.store.read(customers.by_id, bench.anna.id)
    assert anna is not None and anna.reach == reach
    status = (await bench.one("SELECT status FROM messages WHERE id = :id", id=message.id))["status"]
    assert status == "parked"
    assert (await bench.item(offer))["status"] == ("queued" if reach == "ok" else "cancelled")
    told = await bench.one("SELECT * FROM history WHERE kind = 'undelivered'")
    assert told["data_json"]["message_id"] == message.id


async def test_a_message_from_a_program_is_refused_in_the_dialogs_places(bench: Bench) -> None:
    dialog = await opened(bench)
    await bench.store.act(
        write_in_dialog, manager=bench.maria, dialog_id=dialog.id, content=Content(text="by the API")
    )
    await bench.settle(await only(bench), no(Action.BLOCKED, code=403))
    (notice,) = await notices(bench)
    assert notice["place_id"] is not None and notice["dialog_id"] == dialog.id
    assert await _reads(bench, notice) == (
        "⚠️ Not delivered to Anna, because the customer has blocked the bot: “by the API”."
    )


async def _reads(bench: Bench, notice: Row) -> str:
    call = await bench.store.read(render, notice)
    assert isinstance(call, Call)
    return str(call.params["text"]).partition("\n")[2] or str(call.params["text"])


@pytest.mark.parametrize("action", [Action.BLOCKED, Action.DEACTIVATED, Action.PARK])
async def test_a_rating_form_that_does_not_arrive_is_reported_without_a_button(
    bench: Bench, action: Action
) -> None:
    dialog = await opened(bench)
    await written(bench, dialog)
    await sent(bench)
    closing = Closing(send_rating_form=True)
    await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=closing)
    for begun in await bench.begin(render=render):
        await bench.settle(begun, no(action, code=403) if begun.chat_id == ANNA.telegram_id else None)
    (notice,) = await notices(bench)
    told = await _reads(bench, notice)
    assert "Anna" in told and "the rating form" in told and "button" not in told


async def test_a_message_from_a_program_to_the_general_chat_is_refused_to_its_writer(bench: Bench) -> None:
    await bench.store.act(
        write_in_general, manager=bench.maria, customer_id=bench.anna.id, content=Content(text="by the API")
    )
    await bench.settle(await only(bench), no(Action.PARK))
    assert [notice["chat_id"] for notice in await notices(bench)] == [bench.maria.telegram_id]


@pytest.mark.row("F-04")
async def test_without_the_quoted_message_the_answer_goes_without_its_quote(bench: Bench) -> None:
    item = await bench.add("a", payload={"quote": 5})
    (begun,) = await bench.begin()
    assert "reply_parameters" in begun.call.params
    await bench.settle(begun, no(Action.NO_QUOTE))
    bench.clock.advance(2)
    (again,) = await bench.begin()
    assert "reply_parameters" not in again.call.params
    await bench.settle(again, no(Action.NO_QUOTE))
    assert (await bench.item(item))["status"] == "parked"


async def test_refused_formatting_goes_once_as_plain_text(bench: Bench) -> None:
    item = await bench.add("a", payload={"entities": [{"type": "bold"}]})
    (begun,) = await bench.begin()
    await bench.settle(begun, no(Action.PLAIN))
    bench.clock.advance(2)
    (again,) = await bench.begin()
    assert "entities" not in again.call.params
    await bench.settle(again)
    assert (await bench.item(item))["status"] == "sent"


@pytest.mark.parametrize(("action", "tries"), [(Action.TRY_AGAIN, 2), (Action.MEDIA, 3)])
async def test_a_temporary_failure_is_tried_a_few_times_and_keeps_its_place(
    bench: Bench, action: Action, tries: int
) -> None:
    item = await bench.add("a")
    await bench.add("b")
    order = []
    for _ in range(40):
        for begun in await bench.begin():
            order.append(begun.call.params["text"])
            await bench.settle(begun, no(action) if begun.outbox_id == item else None)
        bench.clock.advance(1)
    assert order == ["a"] * tries + ["b"]
    assert (await bench.item(item))["status"] == "parked"


@pytest.mark.parametrize(
    "words",
    [
        "inline keyboard button URL 'http://localhost:8080/x' is invalid: Wrong HTTP URL",
        "BUTTON_URL_INVALID",
        "BUTTON_DATA_INVALID",
        "reply markup is too long",
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
)
async def test_a_refused_button_does_not_lose_the_text(bench: Bench, words: str) -> None:
    offer = await bench.add("offer", MessageClass.FUNNEL, payload={"buttons": True})
    await bench.settle(await only(bench), told_by_telegram(words))
    bench.clock.advance(2)
    begun = await only(bench)
    assert begun.outbox_id == offer and "reply_markup" not in begun.call.params
    await bench.settle(begun)
    assert (await bench.item(offer))["status"] == "sent"
    trace = await bench.one("SELECT * FROM history WHERE kind = 'buttons_left_out'")
    assert words in trace["data_json"]["reason"]


async def test_a_change_of_buttons_alone_is_cancelled_if_they_are_refused(bench: Bench) -> None:
    change = await bench.add("m", kind="markup", payload={"buttons": True})
    await bench.settle(await only(bench), told_by_telegram("BUTTON_URL_INVALID"))
    assert (await bench.item(change))["status"] == "cancelled"


def told_by_telegram(words: str) -> Outcome:
    body = {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"}
    return judge(Reply(400, body), method="sendMessage")


async def test_a_change_of_a_deleted_message_is_dropped_and_its_author_notified(bench: Bench) -> None:
    message = await written(bench, await opened(bench))
    await bench.settle(await only(bench))
    bench.clock.advance(2)
    edit = await bench.add("e", kind="edit_copy", message_id=message.id, payload={"tg_message_id": 1000})
    await bench.settle(await only(bench), no(Action.GONE, "Bad Request: message can't be edited"))
    assert (await bench.item(edit))["status"] == "cancelled"
    assert [notice["payload_json"]["key"] for notice in await notices(bench)] == ["delivery.change_refused"]


async def test_an_edit_that_changes_nothing_counts_as_sent(bench: Bench) -> None:
    edit = await bench.add("e", kind="edit_copy", payload={"tg_message_id": 5})
    (begun,) = await bench.begin()
    await bench.settle(begun, no(Action.DONE))
    assert (await bench.item(edit))["status"] == "sent"


async def test_a_temporary_notice_is_deleted_later(bench: Bench) -> None:
    await bench.add("undo", kind="desk_notice", payload={"key": "undo", "vanish_seconds": 10}, **DESK)
    (begun,) = await bench.begin()
    await bench.settle(begun, Sent({"message_id": 444}))
    removal = await bench.one("SELECT * FROM outbox WHERE kind = 'delete_copy'")
    assert removal["due_at"] == bench.clock.now() + timedelta(seconds=10)


async def test_a_group_flood_alone_freezes_only_the_group(bench: Bench) -> None:
    await bench.store.act(leases.seize, "sender", "me", seconds=15)
    await bench.add("group", **DESK)
    begun = await only(bench, GROUP)
    await bench.settle(begun, RetryLater("429", Scope.CHAT, 40, 429))
    await bench.add("funnel", MessageClass.FUNNEL)
    assert await bench.drain(5) == ["funnel"]
    assert await bench.drain(40) == ["group"]


async def test_an_outcome_is_stored_even_if_its_consequences_fail(bench: Bench) -> None:
    item = await bench.add("a")
    (begun,) = await bench.begin()
    await bench.store.act(settle_all, [(begun, Sent({"message_id": 5}))], bare=True)
    assert (await bench.item(item))["status"] == "sent"
    assert (await bench.chat())["in_flight_id"] is None
