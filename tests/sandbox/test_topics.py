"""Topics of a forum and of a private chat."""

from holdline.sandbox import SEED_GROUP
from tests.sandbox.wire import Wire, wired

ANNA = 111111111


async def opened(wire: Wire, chat_id: int = SEED_GROUP) -> int:
    topic = await wire.good("createForumTopic", chat_id=chat_id, name="Case")
    return int(topic["message_thread_id"])


async def test_the_thread_is_the_number_of_its_opening_message_which_the_bot_gets(wire: Wire) -> None:
    thread = await opened(wire)
    (update,) = await wire.good("getUpdates")
    assert update["message"]["message_id"] == thread != 1
    assert update["message"]["forum_topic_created"]["name"] == "Case"


async def test_a_plain_message_in_a_topic_carries_the_opening_as_its_reply(wire: Wire) -> None:
    thread = await opened(wire)
    said = wire.box.says(ANNA, "hello", SEED_GROUP, thread)
    assert (said["message_thread_id"], said["is_topic_message"]) == (thread, True)
    assert "forum_topic_created" in said["reply_to_message"]


async def test_a_deleted_topic_is_not_found_and_can_be_made_anew(wire: Wire) -> None:
    thread = await opened(wire)
    wire.box.deletes_topic(SEED_GROUP, thread)
    params = {"chat_id": SEED_GROUP, "text": "x"}
    assert "message thread not found" in await wire.text("sendMessage", message_thread_id=thread, **params)
    assert await wire.good("sendMessage", message_thread_id=await opened(wire), **params)


async def test_an_administrator_bot_may_write_in_a_closed_topic(wire: Wire) -> None:
    thread = await opened(wire)
    wire.box.closes_topic(SEED_GROUP, thread)
    assert await wire.good("sendMessage", chat_id=SEED_GROUP, message_thread_id=thread, text="x")


async def test_renaming_a_topic_notifies_the_bot_and_the_same_name_is_refused(wire: Wire) -> None:
    thread = await opened(wire)
    params = {"chat_id": SEED_GROUP, "message_thread_id": thread, "name": "Solved"}
    await wire.good("editForumTopic", **params)
    assert (await wire.good("getUpdates"))[-1]["message"]["forum_topic_edited"] == {"name": "Solved"}
    assert await wire.text("editForumTopic", **params) == "Bad Request: TOPIC_NOT_MODIFIED"


async def test_topics_are_closed_reopened_and_deleted(wire: Wire) -> None:
    params = {"chat_id": SEED_GROUP, "message_thread_id": await opened(wire)}
    for method in ("closeForumTopic", "reopenForumTopic", "deleteForumTopic"):
        assert await wire.good(method, **params)
    assert wire.box.chats()[0]["topics"] == []


async def test_a_private_chat_has_topics_when_the_bot_has_them_on(wire: Wire) -> None:
    wire.box.says(5, "/start")
    assert (await wire.good("getMe"))["has_topics_enabled"]
    thread = await opened(wire, 5)
    said = await wire.good("sendMessage", chat_id=5, message_thread_id=thread, text="in here")
    assert said["message_thread_id"] == thread
    assert wire.box.says(5, "answer", thread_id=thread)["is_topic_message"]


async def test_a_private_chat_has_none_when_they_are_off() -> None:
    async with wired(topics_in_private=False) as wire:
        wire.box.says(5, "/start")
        assert not (await wire.good("getMe"))["has_topics_enabled"]
        assert "not a forum" in await wire.text("createForumTopic", chat_id=5, name="x")


async def test_a_pin_makes_a_service_message_in_the_topic(wire: Wire) -> None:
    thread = await opened(wire)
    sent = await wire.good("sendMessage", chat_id=SEED_GROUP, message_thread_id=thread, text="card")
    await wire.good("pinChatMessage", chat_id=SEED_GROUP, message_id=sent["message_id"])
    message = (await wire.good("getUpdates"))[-1]["message"]
    assert (message["pinned_message"]["text"], message["message_thread_id"]) == ("card", thread)


async def test_an_ordinary_member_bot_gets_only_messages_addressed_to_it(wire: Wire) -> None:
    wire.box.group(-1000000000777, "Yard", [5], "supergroup")
    for words in ("between us", "/help", "hey @holdline_sandbox_bot"):
        wire.box.says(5, words, -1000000000777)
    updates = await wire.good("getUpdates")
    assert [update["message"]["text"] for update in updates[1:]] == ["/help", "hey @holdline_sandbox_bot"]


async def test_a_moved_group_names_the_other_id_on_both_sides(wire: Wire) -> None:
    wire.box.group(-777, "Yard", [5])
    new_id = wire.box.migrates(-777)
    gone, come = (update["message"] for update in (await wire.good("getUpdates"))[-2:])
    assert (gone["migrate_to_chat_id"], come["migrate_from_chat_id"]) == (new_id, -777)


async def test_an_anonymous_administrator_appears_as_telegrams_group_account(wire: Wire) -> None:
    thread = await opened(wire)
    wire.box.says_anonymously(SEED_GROUP, "who am I?", thread)
    message = (await wire.good("getUpdates"))[-1]["message"]
    assert (message["from"]["id"], message["sender_chat"]["id"]) == (1087968824, SEED_GROUP)
