"""A mark at the manager's own message shows its delivery, and never uses the capacity that messages need."""

from dataclasses import replace
from typing import Any

import pytest

from holdline.desk.conversation.removals import delete_message
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.notices.delivery_marks import mark_waiting_replies
from holdline.dialogs.conversation.delivery_mark import ASKED_AGAIN_AFTER, DELIVERED, FAILED, WAITING
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.screens.render import render
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action, Outcome
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, no, notices, opened, sent, written


def marks(calls: list[Call]) -> list[str]:
    """What the bot put under messages, in order; empty where it took a mark away."""
    put = [call.params["reaction"] for call in calls if call.method == "setMessageReaction"]
    return ["".join(one["emoji"] for one in reactions) for reactions in put]


def words(calls: list[Call]) -> list[str]:
    return [call.params["text"] for call in calls if call.method == "sendMessage"]


async def answered(bench: Bench, seconds: float, answers: dict[str, Outcome]) -> list[Call]:
    """Everything that leaves, where Telegram answers these methods so."""
    left: list[Call] = []
    for _ in range(int(seconds * 2)):
        for begun in await bench.begin(render=render):
            left.append(begun.call)
            await bench.settle(begun, answers.get(begun.call.method))
        bench.clock.advance(0.5)
    return left


async def quiet(bench: Bench) -> Dialog:
    """Her dialog is in handling, and everything that goes with that has left."""
    dialog = await opened(bench)
    await reply(bench, dialog, bench.maria.telegram_id, 70)
    await sent(bench)
    return dialog


async def test_a_delivered_reply_has_its_mark_and_undo_for_some_seconds(bench: Bench) -> None:
    dialog = await quiet(bench)
    await written(bench, dialog)
    left = await sent(bench)
    assert marks(left) == [DELIVERED]
    (mark,) = (call for call in left if call.method == "setMessageReaction")
    assert mark.params["chat_id"] == bench.maria.telegram_id and mark.params["message_id"] == 77
    assert [call.method for call in left if call.params["chat_id"] == bench.maria.telegram_id] == [
        "setMessageReaction",
        "sendMessage",
        "deleteMessage",
    ]


async def test_without_a_way_to_undo_the_mark_is_the_only_notice(bench: Bench) -> None:
    bench.store.rules = replace(bench.store.rules, undo_seconds=0)
    dialog = await quiet(bench)
    await written(bench, dialog)
    at_the_desk = [c for c in await sent(bench) if c.params["chat_id"] != ANNA.telegram_id]
    assert [call.method for call in at_the_desk] == ["setMessageReaction"]


async def test_a_waiting_reply_is_marked_once_after_some_seconds(bench: Bench) -> None:
    dialog = await quiet(bench)
    await written(bench, dialog)
    assert await bench.store.act(mark_waiting_replies) == 0, "nearly all are there within a second"
    (slow,) = [begun for begun in await bench.begin(render=render) if begun.chat_id == ANNA.telegram_id]
    bench.clock.advance(6)
    assert await bench.store.act(mark_waiting_replies) == 1
    assert await bench.store.act(mark_waiting_replies) == 0
    assert marks(await sent(bench, 3)) == [WAITING]
    await bench.settle(slow)
    assert marks(await sent(bench)) == [DELIVERED]


async def test_a_failed_reply_states_the_reason_with_a_button_to_send_it_again(bench: Bench) -> None:
    dialog = await quiet(bench)
    message = await written(bench, dialog)
    refused = no(Action.PARK, "Bad Request: message text is empty")
    left: list[Call] = []
    for begun in await bench.begin(render=render):
        await bench.settle(begun, refused if begun.chat_id == ANNA.telegram_id else None)
    left = await sent(bench)
    assert marks(left) == [FAILED]
    (notice,) = await notices(bench)
    assert notice["payload_json"]["key"] == "delivery.refused"
    (told,) = [call for call in left if "reply_markup" in call.params]
    (button,) = told.params["reply_markup"]["inline_keyboard"][0]
    parked = await bench.one(
        "SELECT id FROM outbox WHERE message_id = :id AND status = 'parked'", id=message.id
    )
    assert button == {"text": "🔁 Send again", "callback_data": f"again:{parked['id']}"}


async def test_a_removed_message_loses_its_mark(bench: Bench) -> None:
    dialog = await quiet(bench)
    await written(bench, dialog)
    await sent(bench)
    where = {"chat_id": bench.maria.telegram_id, "tg_message_id": 77}
    await bench.store.act(delete_message, manager=bench.maria, **where)
    assert marks(await sent(bench)) == [""]


async def test_a_chat_without_reactions_gets_notices_until_reactions_are_tried_again(bench: Bench) -> None:
    bench.store.rules = replace(bench.store.rules, undo_seconds=0)
    dialog = await quiet(bench)
    refused: dict[str, Outcome] = {"setMessageReaction": no(Action.GONE, "Bad Request: REACTION_INVALID")}
    await written(bench, dialog, "first")
    left = await answered(bench, 20, refused)
    assert words(left) == ["first", f"Sent to Anna · #{dialog.id}."]
    await reply(bench, dialog, bench.maria.telegram_id, 78)
    left = await answered(bench, 20, refused)
    assert marks(left) == [] and words(left) == ["reply 78", f"Sent to Anna · #{dialog.id}."]
    bench.clock.advance(ASKED_AGAIN_AFTER.total_seconds() + 1)
    await reply(bench, dialog, bench.maria.telegram_id, 79)
    left = await sent(bench)
    assert marks(left) == [DELIVERED] and words(left) == ["reply 79"]


async def reply(bench: Bench, dialog: Dialog, chat_id: int, number: int) -> None:
    content = Content(text=f"reply {number}", chat_id=chat_id, tg_message_id=number)
    origin = Origin(chat_id=chat_id, tg_message_id=number)
    words: dict[str, Any] = {"dialog_id": dialog.id, "content": content, "origin": origin}
    await bench.store.act(write_in_dialog, manager=bench.maria, **words)


@pytest.mark.parametrize("heard", [0, 10])
async def test_a_busy_group_gets_its_marks_when_half_of_its_minute_is_free(bench: Bench, heard: int) -> None:
    """Ten lines are in the minute: whatever is marked now, ten more could be heard at once."""
    bench.store.rules = DeskRules()
    dialog = await quiet(bench)
    for number in range(heard):
        await bench.add(f"line {number}", **DESK)
    assert len(await bench.drain(20)) == heard
    await reply(bench, dialog, GROUP, 78)
    left = await sent(bench, 5)
    assert words(left)[:1] == ["reply 78"], "the customer never waits"
    assert marks(left) == ([] if heard else [DELIVERED])
    await bench.add("somebody writes", **DESK)
    (line,) = await bench.begin()
    assert line.call.params["text"] == "somebody writes", "what waits for room keeps nobody back"
    await bench.settle(line)
    left = await sent(bench, 70)
    assert marks(left) == ([DELIVERED] if heard else [])
    assert not [text for text in words(left) if text.startswith("Sent")], "the way back is over by then"
