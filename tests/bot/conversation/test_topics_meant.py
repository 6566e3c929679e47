"""A line goes to the dialog of its topic, or nowhere: an entered dialog counts only outside topics."""

from typing import Any

import pytest

from holdline.desk.people.staff import change_manager
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from tests.bot.desk_kit import thread_of, to_customer
from tests.bot.staging import ANNA, GROUP, IVAN, named, words, wrote
from tests.bot.topics_kit import ADMIN, BY_HAND, CONTENTS, PHOTO, TOM, Topics, choice, topics

COMMANDS = [
    "/pause",
    "/close 3 form",
    "/take",
    "/info",
    "/assign",
    "/note he lies",
    ".he lies",
    "/open Another",
]


@pytest.fixture
async def desk(group_desk: Store, clock: ManualClock) -> Topics:
    return await topics(group_desk, clock)


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("where", ["ended", "by hand"])
async def test_a_message_in_a_topic_without_a_dialog_goes_to_nobody(
    desk: Topics, where: str, content: dict[str, Any]
) -> None:
    await desk.staff.writes(**content, thread=desk.ended if where == "ended" else BY_HAND)
    question = await desk.question()
    meant, reader, other = (desk.anna, ANNA, TOM) if where == "ended" else (desk.tom, TOM, ANNA)
    await desk.chooses(question, meant)
    said = await desk.staff.heard()
    assert len(to_customer(said, reader)) == 1
    assert to_customer(said, other) == []
    assert await desk.staff.store.read(find_violations) == []


async def test_an_album_in_an_ended_topic_waits_as_one(desk: Topics, clock: ManualClock) -> None:
    for _ in range(3):
        await desk.staff.writes(photo=PHOTO, media_group_id="77", thread=desk.ended)
    clock.advance(5)
    question = await desk.question()
    await desk.chooses(question, desk.anna)
    clock.advance(5)
    said = await desk.staff.heard()
    assert [one.row["kind"] for one in said if one.call.params["chat_id"] == ANNA.telegram_id] == ["album"]
    assert to_customer(said, TOM) == []


async def test_an_ended_topic_begins_with_a_link_to_its_dialog(desk: Topics) -> None:
    await desk.staff.says("Hello?", thread=desk.ended)
    question = await desk.question()
    group_topic = await thread_of(desk.staff.store, desk.anna.id)
    assert question.offered[0] == f"https://t.me/c/{str(GROUP)[4:]}/{group_topic}"


async def test_in_the_live_topic_and_the_chat_itself_the_dialog_is_clear(desk: Topics) -> None:
    await desk.staff.says("In the topic", thread=desk.live)
    await desk.staff.says("In the chat")
    said = await desk.staff.heard()
    assert to_customer(said, TOM) == ["In the topic", "In the chat"]
    assert to_customer(said, ANNA) == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("where", ["ended", "by hand"])
async def test_commands_and_notes_in_an_ended_topic_need_a_choice_too(
    desk: Topics, where: str, command: str
) -> None:
    before = [await desk.dialog(dialog) for dialog in (desk.anna, desk.tom)]
    await desk.staff.says(command, thread=desk.ended if where == "ended" else BY_HAND)
    await desk.question()
    assert [await desk.dialog(dialog) for dialog in (desk.anna, desk.tom)] == before
    assert await desk.notes() == []


@pytest.mark.parametrize(("command", "state"), [("/pause", "paused"), ("/close 3", "closed")])
async def test_the_tap_carries_the_command_out_on_the_dialog_chosen(
    desk: Topics, command: str, state: str
) -> None:
    await desk.staff.says(command, thread=desk.ended)
    question = await desk.question()
    await desk.chooses(question, desk.anna)
    assert (await desk.dialog(desk.anna))["state"] == state
    assert (await desk.dialog(desk.tom))["state"] == "active"
    await desk.chooses(question, desk.anna)
    assert desk.staff.gateway.toast


@pytest.mark.parametrize("written", [".he lies", "/note he lies"])
async def test_the_tap_stores_the_note_in_the_chosen_dialog(desk: Topics, written: str) -> None:
    await desk.staff.says(written, thread=BY_HAND)
    question = await desk.question()
    await desk.chooses(question, desk.tom)
    assert await desk.notes() == [(desk.tom.id, "he lies")]


@pytest.mark.parametrize("caption", [".he lies", "/note he lies"])
async def test_an_album_of_notes_is_asked_about_and_kept_whole(
    desk: Topics, clock: ManualClock, caption: str
) -> None:
    for words_ in ({}, {"caption": caption}, {}):
        await desk.staff.writes(photo=PHOTO, media_group_id="78", thread=desk.ended, **words_)
    clock.advance(5)
    question = await desk.question()
    await desk.chooses(question, desk.anna)
    assert sorted(await desk.notes()) == [(desk.anna.id, ""), (desk.anna.id, ""), (desk.anna.id, "he lies")]


async def test_choosing_no_dialog_does_nothing(desk: Topics) -> None:
    await desk.staff.says("/close 3", thread=desk.ended)
    question = await desk.question()
    await desk.staff.presses(question.offered[-1], on=question.number)
    assert (await desk.dialog(desk.anna))["state"] == (await desk.dialog(desk.tom))["state"] == "active"
    await desk.chooses(question, desk.anna)
    assert (await desk.dialog(desk.anna))["state"] == "active"


async def test_another_person_cannot_choose(desk: Topics) -> None:
    await desk.staff.store.act(named, IVAN, "Ivan")
    await desk.staff.says("/close 3", thread=desk.ended)
    question = await desk.question()
    await desk.staff.presses(choice(question, desk.anna), person=IVAN, on=question.number)
    assert (await desk.dialog(desk.anna))["state"] == "active"


async def test_a_command_that_names_its_dialog_is_not_asked_about(desk: Topics) -> None:
    await desk.staff.says(f"/pause {desk.anna.id}", thread=BY_HAND)
    await desk.staff.says(f"/close #{desk.tom.id} 3", thread=desk.ended)
    assert (await desk.dialog(desk.anna))["state"] == "paused"
    assert (await desk.dialog(desk.tom))["state"] == "closed"


async def test_a_returned_manager_writes_to_nobody_in_an_old_topic(desk: Topics, clock: ManualClock) -> None:
    store = desk.staff.store
    ivan = await store.act(named, IVAN, "Ivan")
    await desk.staff.says(f"/enter {desk.anna.id}", person=IVAN)
    await desk.staff.heard()
    old = await thread_of(store, desk.anna.id, IVAN)
    for active in (False, True):
        await store.act(_set_active, ivan.id, active=active)
        clock.advance(1)
    await desk.staff.says(f"/enter {desk.tom.id}", person=IVAN)
    await desk.staff.heard()
    await desk.staff.says("Dear Anna, the code is 4711", person=IVAN, thread=old)
    question = await desk.question()
    await desk.staff.presses(choice(question, desk.anna), person=IVAN, on=question.number)
    assert to_customer(await desk.staff.heard(), ANNA) == ["Dear Anna, the code is 4711"]


def _set_active(tx: Tx, manager_id: int, *, active: bool) -> None:
    change_manager(tx, acting=None, manager_id=manager_id, changes={"active": active})


async def test_an_edit_in_an_ended_topic_keeps_to_its_message(desk: Topics, clock: ManualClock) -> None:
    staff = desk.staff
    await staff.says(f"/enter {desk.anna.id}")
    await staff.heard()
    topic = await thread_of(staff.store, desk.anna.id, ADMIN)
    await wrote(staff.store, words("Is it there?", 90))
    mirror = next(one for one in await staff.heard("mirror") if one.call.params["chat_id"] == ADMIN)
    number = await staff.says("The code is 4711", thread=topic)
    await staff.heard()
    clock.advance(1)
    await staff.says(f"/enter {desk.tom.id}")
    await staff.heard()
    await staff.edits(number, "The code is 4712", thread=topic)
    said = await staff.heard()
    assert "The code is 4712" in to_customer(said, ANNA)
    assert to_customer(said, TOM) == []
    assert mirror.row["dialog_id"] == desk.anna.id


async def test_a_reply_across_topics_needs_a_choice(desk: Topics) -> None:
    staff = desk.staff
    await wrote(staff.store, words("My card is 4111", 91), TOM)
    mirror = next(one for one in await staff.heard("mirror") if one.call.params["chat_id"] == GROUP)
    thread = await thread_of(staff.store, desk.anna.id)
    await staff.says("Noted", chat=GROUP, thread=thread, reply_to=mirror.number)
    question = await desk.question()
    await desk.chooses(question, desk.tom, chat=GROUP)
    said = await staff.heard()
    assert to_customer(said, TOM) == ["Noted"]
    assert to_customer(said, ANNA) == []
    assert await staff.store.read(find_violations) == []


async def test_a_reply_across_topics_as_reported_by_telegram_needs_a_choice(desk: Topics) -> None:
    staff = desk.staff
    await wrote(staff.store, words("My card is 4111", 92), TOM)
    mirror = next(one for one in await staff.heard("mirror") if one.call.params["chat_id"] == GROUP)
    outside = {
        "origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"},
        "chat": {"id": GROUP, "type": "supergroup", "title": "Desk"},
        "message_id": mirror.number,
    }
    thread = await thread_of(staff.store, desk.anna.id)
    await staff.says("Noted", chat=GROUP, thread=thread, external_reply=outside)
    await desk.question()
    del outside["chat"], outside["message_id"]
    await staff.says("Noted", thread=desk.live, external_reply=outside)
    await desk.question()


@pytest.mark.parametrize("command", ["/inbox", "/help", "/settings", "/active", "/history"])
async def test_a_reply_to_a_list_in_a_topic_needs_a_choice(desk: Topics, command: str) -> None:
    staff = desk.staff
    thread = await thread_of(staff.store, desk.anna.id)
    await staff.says(command, chat=GROUP, thread=thread)
    window = (await staff.heard("text"))[-1]
    await staff.says("what is this?", chat=GROUP, thread=thread, reply_to=window.number)
    await desk.question()
    assert await desk.notes() == []


@pytest.mark.parametrize("command", ["/inbox", "/help", "/settings", "/active", "/history"])
async def test_a_reply_to_a_list_becomes_no_note_in_the_dialog_entered(desk: Topics, command: str) -> None:
    await desk.staff.says(command)
    window = (await desk.staff.heard("text"))[-1]
    await desk.staff.says("what is this?", reply_to=window.number)
    await desk.question()
    assert await desk.notes() == []


async def test_a_reply_to_an_answer_about_a_dialog_is_a_note_on_that_one(desk: Topics) -> None:
    await desk.staff.says(f"/pause {desk.anna.id}")
    answer = next(one for one in await desk.staff.heard("text") if "paused" in one.text.lower())
    await desk.staff.says("until Monday", reply_to=answer.number)
    assert await desk.notes() == [(desk.anna.id, "until Monday")]


async def test_a_reply_to_a_colleagues_note_is_a_note(desk: Topics) -> None:
    thread = await thread_of(desk.staff.store, desk.anna.id)
    number = await desk.staff.says(".she lies", chat=GROUP, thread=thread)
    await desk.staff.says("I think so too", chat=GROUP, thread=thread, reply_to=number)
    said = await desk.staff.heard()
    assert to_customer(said, ANNA) == []
    assert await desk.notes() == [(desk.anna.id, "she lies"), (desk.anna.id, "I think so too")]
