"""Places that disappear: deleted topics, moved groups, closed chats. Their messages still arrive."""

from typing import Any

import pytest

from holdline.desk.conversation.replies import write_in_general
from holdline.desk.delivery.reachable_again import reopen_chat
from holdline.desk.notices.places import staff_group
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.store.dialogs import place_threads, places
from holdline.store.people import managers
from holdline.telegram.outcomes import Action, Sent
from tests.scheduler.conftest import DESK, GROUP, Bench, no, notices, only

CARD = {"inbox_item_id": None}
"""Of no inbox item that the database knows."""


@pytest.mark.row("C-37")
@pytest.mark.row("F-12")
async def test_a_deleted_topic_is_made_again_and_the_message_arrives(bench: Bench) -> None:
    place = await bench.store.act(places.insert, chat_id=GROUP, dialog_id=None, mode="topic", name="Inbox")
    await bench.add("topic", kind="topic_create", place_id=place["id"], **DESK)
    first = await only(bench, GROUP)
    await bench.settle(first, Sent({"message_thread_id": 50}))
    card = await bench.add("card", kind="inbox_card", payload=CARD, place_id=place["id"], **DESK)
    await bench.add("after", kind="inbox_card", payload=CARD, place_id=place["id"], **DESK)
    bench.clock.advance(2)
    await bench.settle(await only(bench, GROUP), no(Action.TOPIC_LOST))
    bench.clock.advance(2)
    again = await only(bench, GROUP)
    assert again.call.method == "createForumTopic"
    await bench.settle(again, Sent({"message_thread_id": 51}))
    assert await bench.drain(10) == ["card", "after"]
    heir = await bench.store.read(places.by_thread, GROUP, 51)
    assert heir is not None and (await bench.item(card))["place_id"] == heir["id"]


async def test_a_call_whose_topic_was_replaced_follows_it_and_creates_no_second_topic(
    bench: Bench,
) -> None:
    where: dict[str, Any] = {"chat_id": GROUP, "dialog_id": None, "mode": "topic", "name": "Inbox"}
    place = await bench.store.act(places.insert, **where)
    await bench.store.act(place_threads.set_thread, place["id"], 50)
    card = await bench.add("card", kind="inbox_card", payload=CARD, place_id=place["id"], **DESK)
    begun = await only(bench, GROUP)
    await bench.store.act(places.end, place["id"])
    heir = await bench.store.act(places.insert, **where)
    await bench.settle(begun, no(Action.TOPIC_LOST))
    item = await bench.item(card)
    assert (item["status"], item["place_id"]) == ("queued", heir["id"])
    assert len(await bench.all("SELECT id FROM places")) == 2


async def test_a_topic_deleted_again_and_again_is_not_created_again(bench: Bench) -> None:
    place = await bench.store.act(places.insert, chat_id=GROUP, dialog_id=None, mode="topic", name="Inbox")
    await bench.add("topic", kind="topic_create", place_id=place["id"], **DESK)
    card = await bench.add("card", kind="inbox_card", payload=CARD, place_id=place["id"], **DESK)
    topics = 0
    for thread in range(50, 70):
        bench.clock.advance(10)
        for begun in await bench.begin():
            if begun.kind == "topic_create":
                topics += 1
                await bench.settle(begun, Sent({"message_thread_id": thread}))
                continue
            here = await bench.one(
                "SELECT p.* FROM places p JOIN outbox o ON o.place_id = p.id WHERE o.id = :id", id=card
            )
            await bench.settle(begun, no(Action.TOPIC_LOST) if here["mode"] == "topic" else None)
    assert topics == 4 and (await bench.item(card))["status"] == "sent"


@pytest.mark.parametrize("refusal", ["Bad Request: the chat is not a forum"])
async def test_without_topics_messages_get_a_header(bench: Bench, refusal: str) -> None:
    place = await bench.store.act(places.insert, chat_id=GROUP, dialog_id=None, mode="topic", name="Inbox")
    await bench.add("topic", kind="topic_create", place_id=place["id"], **DESK)
    await bench.add("card", kind="inbox_card", payload=CARD, place_id=place["id"], **DESK)
    await bench.settle(await only(bench, GROUP), no(Action.NO_TOPICS, refusal))
    assert "card" in await bench.drain(10)
    assert (await bench.store.read(places.by_id, place["id"]))["mode"] == "with_header"  # type: ignore[index] # it is there
    assert [notice["payload_json"]["key"] for notice in await notices(bench)] == ["delivery.no_topics"]


@pytest.mark.row("F-13")
async def test_a_group_that_becomes_a_supergroup_is_followed_everywhere(bench: Bench) -> None:
    place = await bench.store.act(
        places.insert, chat_id=GROUP, dialog_id=None, mode="with_header", name="Inbox"
    )
    first = await bench.add("first", place_id=place["id"], **DESK)
    await bench.add("second", place_id=place["id"], **DESK)
    await bench.settle(await only(bench, GROUP), no(Action.MIGRATED, new_chat_id=-1007))
    await bench.add("third", **DESK)
    left = []
    for _ in range(10):
        for begun in await bench.begin():
            left.append((begun.chat_id, begun.call.params["text"]))
            await bench.settle(begun)
        bench.clock.advance(2)
    assert left == [(-1007, "first"), (-1007, "second"), (-1007, "third")]
    assert (await bench.item(first))["uncertain"] == 0
    assert (await bench.store.read(places.by_id, place["id"]))["chat_id"] == -1007  # type: ignore[index] # it is there
    moved = await bench.one("SELECT value_json FROM settings WHERE name = 'group_moves'")
    assert moved["value_json"] == {str(GROUP): -1007}
    assert await bench.store.read(staff_group) in {0, -1007}


async def test_a_group_that_removed_the_bot_keeps_all_items_and_is_checked_again(bench: Bench) -> None:
    for key in ("first", "second"):
        await bench.add(key, **DESK)
    kicked = no(Action.CHAT_STOPPED, "Forbidden: bot was kicked from the supergroup chat", 403)
    calls = 0
    for _ in range(60):
        for begun in await bench.begin():
            if begun.chat_id == GROUP:
                calls += 1
                await bench.settle(begun, kicked)
            else:
                await bench.settle(begun)
        bench.clock.advance(20)
    assert 10 <= calls <= 21
    assert [notice["payload_json"]["key"] for notice in await notices(bench)] == ["delivery.group_stopped"]
    await bench.store.act(reopen_chat, chat_id=GROUP)
    assert await bench.drain(10) == ["first", "second"]
    assert (await bench.chat(GROUP))["stop_reason"] is None


async def test_a_managers_closed_chat_parks_only_messages_nobody_else_saw(bench: Bench) -> None:
    own, other = 400000088, 400000099
    for telegram_id in (own, other):
        await bench.store.act(managers.insert, telegram_id=telegram_id, name="Ivan", role="agent")
    shown = {"class_": MessageClass.DESK, "customer_id": bench.anna.id, "kind": "mirror"}
    general = await bench.store.act(
        write_in_general, manager=bench.maria, customer_id=bench.anna.id, content=Content(text="x")
    )
    await bench.add("twice, here", chat_id=own, message_id=general.id, **shown)
    await bench.add("twice, there", chat_id=other, message_id=general.id, **shown)
    alone = await bench.add("alone", chat_id=own, message_id=general.id + 1000, **shown)
    notice = await bench.add(
        "news", chat_id=own, kind="desk_notice", class_=MessageClass.DESK, customer_id=None
    )
    await bench.settle(await only(bench, own), no(Action.BLOCKED, code=403))
    assert (await bench.item(alone))["status"] == "parked"
    assert (await bench.item(notice))["status"] == "cancelled"
    assert {row["payload_json"]["key"] for row in await notices(bench)} == {"delivery.shown_to_nobody"}
    assert await bench.store.act(reopen_chat, chat_id=own) == 1
    assert "alone" in await bench.drain(10)
