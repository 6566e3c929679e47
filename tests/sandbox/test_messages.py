"""What messages look like for the bot, and how copies, albums, edits and replies travel."""

import pytest

from holdline.sandbox import SEED_GROUP
from tests.sandbox.wire import Wire

KINDS = ("photo", "video", "animation", "audio", "voice", "video_note", "document", "sticker")
KINDS += ("location", "venue", "contact", "poll", "dice", "story")


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_arrives_and_can_be_copied(wire: Wire, kind: str) -> None:
    wire.box.sends(5, kind)
    (update,) = await wire.good("getUpdates")
    assert kind in update["message"]
    number = update["message"]["message_id"]
    topic = await wire.good("createForumTopic", chat_id=SEED_GROUP, name="Case")
    thread = topic["message_thread_id"]
    copy = await wire.good(
        "copyMessage", chat_id=SEED_GROUP, message_thread_id=thread, from_chat_id=5, message_id=number
    )
    assert list(copy) == ["message_id"]
    shown = wire.box.messages(SEED_GROUP, thread)[-1]
    assert kind in shown
    assert shown["from_bot"]
    assert "forward_origin" not in shown


async def test_private_chats_share_one_counter_and_a_group_has_its_own(wire: Wire) -> None:
    assert [wire.box.says(user, "hi")["message_id"] for user in (5, 6, 5)] == [1, 2, 3]
    assert wire.box.says(111111111, "hi", SEED_GROUP)["message_id"] == 2


async def test_an_album_comes_as_single_updates_with_one_group(wire: Wire) -> None:
    wire.box.album(5, ["photo", "video"], caption="two")
    first, second = (update["message"] for update in await wire.good("getUpdates"))
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("two", False)


async def test_an_album_copied_together_stays_one_without_deleted_parts(wire: Wire) -> None:
    wire.box.album(5, ["photo", "photo"])
    made = await wire.good("copyMessages", chat_id=SEED_GROUP, from_chat_id=5, message_ids=[1, 2, 77])
    assert len(made) == 2
    first, second = wire.box.messages(SEED_GROUP)
    assert first["media_group_id"] == second["media_group_id"] != wire.box.messages(5)[0]["media_group_id"]


async def test_a_copy_can_have_another_caption_and_a_keyboard(wire: Wire) -> None:
    wire.box.sends(5, "photo", caption="old")
    keyboard = {"inline_keyboard": [[{"text": "Reply", "callback_data": "r"}]]}
    words = {"caption": "<b>new</b>", "parse_mode": "HTML", "reply_markup": keyboard}
    await wire.good("copyMessage", chat_id=SEED_GROUP, from_chat_id=5, message_id=1, **words)
    shown = wire.box.messages(SEED_GROUP)[-1]
    assert (shown["caption"], shown["reply_markup"]) == ("new", keyboard)


async def test_a_customers_edit_comes_as_edited_message(wire: Wire) -> None:
    wire.box.says(5, "frist")
    wire.box.edits(5, 5, 1, "first")
    update = (await wire.good("getUpdates"))[-1]
    assert update["edited_message"]["text"] == "first"
    assert update["edited_message"]["edit_date"] >= update["edited_message"]["date"]


async def test_a_customers_deletion_is_silent_and_the_next_copy_fails(wire: Wire) -> None:
    wire.box.says(5, "oops")
    await wire.good("getUpdates", offset=-1)
    wire.box.deletes(5, 5, 1)
    assert len(await wire.good("getUpdates")) == 1
    said = await wire.text("copyMessage", chat_id=SEED_GROUP, from_chat_id=5, message_id=1)
    assert said == "Bad Request: message to copy not found"


async def test_an_edit_in_place_changes_what_is_shown_and_drops_the_keyboard(wire: Wire) -> None:
    wire.box.says(5, "/start")
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = await wire.good("sendMessage", chat_id=5, text="old", reply_markup=keyboard)
    new = await wire.good("editMessageText", chat_id=5, message_id=sent["message_id"], text="new")
    assert (new["text"], "reply_markup" in new) == ("new", False)
    assert wire.box.messages(5)[-1]["text"] == "new"


async def test_a_reply_shows_what_it_answers_one_step_deep(wire: Wire) -> None:
    wire.box.says(5, "question")
    answer = await wire.good("sendMessage", chat_id=5, text="answer", reply_parameters={"message_id": 1})
    assert answer["reply_to_message"]["text"] == "question"
    again = wire.box.says(5, "thanks", reply_to=answer["message_id"])
    assert "reply_to_message" not in again["reply_to_message"]


async def test_a_reply_to_a_deleted_message_can_still_be_sent(wire: Wire) -> None:
    wire.box.says(5, "/start")
    reply = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await wire.good(
        "sendMessage", chat_id=5, text="x", reply_parameters=reply
    )


async def test_a_press_carries_the_data_and_is_answered_once(wire: Wire) -> None:
    wire.box.says(5, "/start")
    keyboard = {
        "inline_keyboard": [[{"text": "A", "callback_data": "a"}], [{"text": "B", "callback_data": "b"}]]
    }
    sent = await wire.good("sendMessage", chat_id=5, text="choose", reply_markup=keyboard)
    query_id = wire.box.presses(5, 5, sent["message_id"], 1)
    query = (await wire.good("getUpdates"))[-1]["callback_query"]
    assert (query["id"], query["data"], query["message"]["message_id"]) == (query_id, "b", sent["message_id"])
    await wire.good("answerCallbackQuery", callback_query_id=query_id)
    assert "query is too old" in await wire.text("answerCallbackQuery", callback_query_id=query_id)


async def test_a_late_answer_to_a_press_is_refused(wire: Wire) -> None:
    wire.box.says(5, "/start")
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = await wire.good("sendMessage", chat_id=5, text="choose", reply_markup=keyboard)
    query_id = wire.box.presses(5, 5, sent["message_id"], "a")
    wire.box.tg.clock.advance(20)
    assert "query is too old" in await wire.text("answerCallbackQuery", callback_query_id=query_id)


async def test_blocking_and_unblocking_cause_updates(wire: Wire) -> None:
    wire.box.says(5, "/start")
    wire.box.blocks(5)
    wire.box.says(5, "back")
    kinds = [list(update)[1] for update in await wire.good("getUpdates")]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]
    assert await wire.good("sendMessage", chat_id=5, text="welcome")


async def test_messages_of_the_bot_cause_no_update(wire: Wire) -> None:
    wire.box.says(5, "/start")
    await wire.good("sendMessage", chat_id=5, text="hello")
    assert len(await wire.good("getUpdates")) == 1


async def test_text_is_measured_after_its_marks_are_read(wire: Wire) -> None:
    wire.box.says(5, "/start")
    words = "<b>" + "&amp;" * 4096 + "</b>"
    assert len((await wire.good("sendMessage", chat_id=5, text=words, parse_mode="HTML"))["text"]) == 4096


async def test_history_is_bounded_in_a_long_run(wire: Wire) -> None:
    for number in range(1_100):
        wire.box.says(5, str(number))
    assert len(wire.box.messages(5)) == 1_000
