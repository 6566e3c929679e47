"""What a test written from the Bot API's documentation alone would send to the control side."""

import pytest

from holdline.sandbox import SEED_GROUP
from tests.sandbox.wire import Wire

RAW = {
    "message_id": 70,
    "date": 1_794_204_201,
    "from": {"id": 55, "is_bot": False, "first_name": "Ola"},
    "chat": {"id": 55, "type": "private", "first_name": "Ola"},
    "text": "out of nowhere",
}


async def test_a_person_who_first_writes_in_a_group_joins_it(wire: Wire) -> None:
    await wire.control("POST", "messages", {"user_id": 5, "text": "hi", "chat_id": SEED_GROUP})
    assert wire.status == 201
    assert wire.box.world.chat(SEED_GROUP).member(5).inside
    await wire.control("POST", "albums", {"user_id": 6, "chat_id": SEED_GROUP})
    assert wire.status == 201


async def test_a_group_that_nobody_opened_is_a_forum_of_the_bot_s(wire: Wire) -> None:
    await wire.control("POST", "messages", {"user_id": 5, "text": "hi", "chat_id": -1005550001})
    assert wire.status == 201
    chat = await wire.good("getChat", chat_id=-1005550001)
    assert (chat["type"], chat["is_forum"]) == ("supergroup", True)
    assert await wire.good("createForumTopic", chat_id=-1005550001, name="A case")


async def test_control_calls_accept_names_of_the_bot_api(wire: Wire) -> None:
    writer = {"id": 5, "first_name": "Olga", "language_code": "pl", "is_bot": False}
    first = await wire.control("POST", "messages", {"from": writer, "chat": {"id": 5}, "text": "hi"})
    assert (first["from"]["first_name"], first["from"]["language_code"]) == ("Olga", "pl")
    answer = {"user_id": 5, "text": "to it", "reply_to_message_id": first["message_id"]}
    assert (await wire.control("POST", "messages", answer))["reply_to_message"]["text"] == "hi"
    for kind, held in (
        ("photo", True),
        ("document", {"file_name": "a.pdf"}),
        ("location", {"latitude": 1.0}),
    ):
        sent = await wire.control("POST", "messages", {"from_id": 5, kind: held, "caption": None})
        assert kind in sent
    topic = await wire.good("createForumTopic", chat_id=SEED_GROUP, name="A case")
    said = {"user_id": 111111111, "chat_id": SEED_GROUP, "text": "x"}
    said["message_thread_id"] = topic["message_thread_id"]
    assert (await wire.control("POST", "messages", said))["is_topic_message"]


async def test_the_persons_own_chat_is_the_default(wire: Wire) -> None:
    await wire.control("POST", "messages", {"user_id": 5, "text": "hi"})
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    await wire.good("sendMessage", chat_id=5, text="choose", reply_markup=keyboard)
    for path, order in (
        ("presses", {"message_id": 2, "callback_data": "a"}),
        ("edits", {"message_id": 1, "text": "hello"}),
        ("reactions", {"message_id": 2, "emoji": "👍"}),
        ("deletions", {"message_id": 1}),
    ):
        await wire.control("POST", path, {"user_id": 5, **order})
        assert wire.status in (200, 201), path


async def test_a_person_in_a_raw_update_can_be_answered(wire: Wire) -> None:
    await wire.control("POST", "updates", {"message": RAW})
    answer = await wire.good("sendMessage", chat_id=55, text="hi", reply_parameters={"message_id": 70})
    assert (answer["message_id"], answer["reply_to_message"]["text"]) == (71, "out of nowhere")
    group = {"id": -1009990001, "type": "supergroup", "title": "Staff", "is_forum": True}
    await wire.control("POST", "updates", {"message": RAW | {"chat": group}})
    assert await wire.good("createForumTopic", chat_id=group["id"], name="A case")


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"from": {"id": True}, "chat": {"id": "5"}}},
        {"message": "no message", "callback_query": {"message": None, "from": []}},
        {"my_chat_member": {"chat": {"id": 5}, "from": {"id": -5}}},
        {"message": RAW | {"message_id": "70"}},
    ],
)
async def test_a_malformed_raw_update_registers_nobody(wire: Wire, update: dict) -> None:
    await wire.control("POST", "updates", update)
    assert wire.status == 201
    assert [chat["id"] for chat in (await wire.control("GET", "chats"))["items"] if chat["id"] == 5] == []
    assert [update] == [
        {name: one[name] for name in one if name != "update_id"} for one in await wire.good("getUpdates")
    ]


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63 - 1, 10**400])
async def test_impossible_update_ids_do_not_advance_the_counter(wire: Wire, number: int) -> None:
    await wire.control("POST", "updates", {"message": RAW | {"message_id": number}})
    answer = await wire.good("sendMessage", chat_id=55, text="hi")
    assert answer["message_id"] == 1


async def test_an_update_id_must_be_a_number(wire: Wire) -> None:
    said = await wire.control("POST", "updates", {"update_id": "abc", "message": RAW})
    assert (wire.status, "whole number" in said["detail"]) == (409, True)
