"""A manager removes or corrects a message, and the answer states what was done, in every place of work."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from holdline.desk.people.staff import change_manager
from holdline.store.clock import ManualClock
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, ANNA, IVAN, manager


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk


@pytest.fixture
async def group(store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    """Where people see, and can tap under, each other's words."""
    async with desk_at("group topic", store_url, clock) as desk:
        yield desk


async def written(desk: Place, text: str = "The code is 1111", person: int = ADMIN) -> int:
    return await desk.says(text, person, **await desk.where(person))


async def delete(desk: Place, number: int, person: int = ADMIN) -> list[Said]:
    await desk.says("/delete", person, reply_to=number, **await desk.where(person))
    return await desk.heard()


def answers(said: list[Said]) -> list[str]:
    return [one.text for one in said if one.row["kind"] == "text"]


async def history(desk: Place) -> list[str]:
    rows = await desk.store.read(lambda tx: tx.all("SELECT kind FROM history WHERE kind LIKE 'message_%'"))
    return [row["kind"] for row in rows]


def removed(said: list[Said]) -> list[int]:
    return [one.row["id"] for one in said if one.row["kind"] == "delete_copy" and _at_customer(one)]


def _at_customer(one: Said) -> bool:
    return bool(one.call.params["chat_id"] == ANNA.telegram_id)


async def test_delete_of_a_note_deletes_it_and_says_where_its_text_is_kept(desk: Place) -> None:
    number = await written(desk, ". she pays late")
    await desk.heard()
    (told,) = answers(await delete(desk, number))
    assert told == "🗑 The note is deleted. History keeps its words."
    (again,) = answers(await delete(desk, number))
    assert again.endswith("his note has been deleted already; history keeps its words.")


async def test_delete_of_an_unsent_message_answers_that_the_customer_never_had_it(desk: Place) -> None:
    number = await written(desk)
    said = await delete(desk, number)
    assert to_customer(said) == []
    assert answers(said) == [
        "🗑 Withdrawn before it was sent: the customer never had it. The words stay in the history."
    ]


async def test_a_second_delete_says_that_it_is_gone(desk: Place) -> None:
    number = await written(desk)
    await desk.heard()
    first = await delete(desk, number)
    assert "is being removed" in answers(first)[0] and len(removed(first)) == 1
    second = await delete(desk, number)
    assert (
        answers(second) == ["This message was taken back before: the customer does not have it."]
        and removed(second) == []
    )
    assert await history(desk) == ["message_deleted"]


async def test_delete_reports_a_message_too_old_for_telegram(desk: Place, clock: ManualClock) -> None:
    number = await written(desk)
    await desk.heard()
    clock.advance(timedelta(hours=49).total_seconds())
    said = await delete(desk, number)
    assert "more than 48 hours" in answers(said)[0] and removed(said) == []
    assert await history(desk) == []


@pytest.mark.parametrize("way", ["/delete", "undo"])
@pytest.mark.parametrize("arrived", [True, False])
async def test_a_second_undo_names_the_manager_who_removed_the_message(
    group: Place, way: str, arrived: bool
) -> None:
    number = await written(group)
    if arrived:
        await group.heard()
    where = await group.where()
    if way == "/delete":
        await group.says("/delete", reply_to=number, **where)
    else:
        await group.presses(f"undo:{await message_id(group)}", **where)
    if arrived:
        await group.heard()
    await group.presses(f"undo:{await message_id(group)}", IVAN, **where)
    assert group.gateway.window == "↩️ Taken back by Maria."


@pytest.mark.parametrize("way", ["/delete", "undo"])
async def test_an_edit_of_a_message_that_was_taken_back_is_refused_and_can_be_sent_as_a_new_one(
    desk: Place, way: str
) -> None:
    where = await desk.where()
    number = await written(desk)
    await desk.heard()
    if way == "undo":
        await desk.presses(f"undo:{await message_id(desk)}", **where)
        await desk.heard()
    else:
        await delete(desk, number)
    before = await history(desk)
    await desk.edits(number, "The code is 2222", **where)
    (refusal,) = [one for one in await desk.heard() if one.row["kind"] == "text"]
    assert "taken back, so the edit reached nobody" in refusal.text
    assert await history(desk) == before
    said = await desk.press(refusal, "form:")
    assert to_customer(said) == ["The code is 2222"]
    await desk.edits(number, "The code is 3333", **where)
    assert to_customer(await desk.heard()) == ["The code is 3333"], "the message stands for the new one"


@pytest.mark.parametrize("edit", [". hm", "/close 3"])
async def test_a_removed_message_edited_into_a_note_is_not_offered_for_sending(
    desk: Place, edit: str
) -> None:
    number = await written(desk)
    await desk.heard()
    await delete(desk, number)
    await desk.edits(number, edit, **await desk.where())
    (refusal,) = [one for one in await desk.heard() if one.row["kind"] == "text"]
    assert "taken back" in refusal.text and refusal.offered == []


async def test_each_refused_edit_is_answered_once(desk: Place) -> None:
    number = await written(desk)
    await desk.heard()
    for words in ("/close 3", "/close 2", "/close 2"):
        await desk.edits(number, words, **await desk.where())
    assert len(answers(await desk.heard())) == 2


async def test_an_edit_of_a_message_that_waits_for_a_tap_is_answered(group: Place) -> None:
    await group.close()
    number = await written(group)
    await group.heard()
    for words in ("The code is 2222", "The code is 3333"):
        await group.edits(number, words, **await group.where())
        assert ["Your edit is kept" in text for text in answers(await group.heard())] == [True]


@pytest.mark.parametrize("way", ["/delete", "undo"])
async def test_the_manager_who_removed_a_colleagues_message_is_named(group: Place, way: str) -> None:
    number = await written(group, person=IVAN)
    await group.heard()
    if way == "undo":
        await group.presses(f"undo:{await message_id(group)}", **await group.where())
        assert group.gateway.window == "↩️ Taken back by Maria."
        said = await group.heard()
    else:
        said = await delete(group, number)
    (told,) = [one for one in said if "has taken this back" in one.text]
    assert told.text == "↩️ Maria has taken this back from the customer."
    assert told.call.params["reply_parameters"]["message_id"] == number
    row = await group.store.read(
        lambda tx: tx.one("SELECT actor_name, data_json FROM history WHERE kind LIKE 'message_%'")
    )
    assert row is not None and (row["actor_name"], row["data_json"]["written_by"]) == ("Maria", "Ivan")
    await group.line("/history")
    assert "(written by Ivan)" in answers(await group.heard())[0]


@pytest.mark.parametrize("way", ["/delete", "undo"])
async def test_an_agent_cannot_take_back_a_colleagues_message(group: Place, way: str) -> None:
    await group.store.act(_as_agent)
    number = await written(group)
    await group.heard()
    if way == "undo":
        await group.presses(f"undo:{await message_id(group)}", IVAN, **await group.where())
        said = await group.heard()
        told = group.gateway.toast
    else:
        said = await delete(group, number, IVAN)
        told = answers(said)[0]
    assert "A colleague wrote this" in told
    assert removed(said) == [] and await history(group) == []


async def test_an_agent_can_take_back_their_own_message(group: Place) -> None:
    await group.store.act(_as_agent)
    number = await written(group, person=IVAN)
    await group.heard()
    assert len(removed(await delete(group, number, IVAN))) == 1


def _as_agent(tx: Tx) -> None:
    ivan = managers.by_telegram_id(tx, IVAN)
    assert ivan is not None
    change_manager(tx, acting=manager(tx), manager_id=ivan.id, changes={"role": "agent"})


async def message_id(desk: Place) -> int:
    row = await desk.store.read(lambda tx: tx.one("SELECT MAX(id) AS id FROM messages"))
    assert row is not None
    return int(row["id"])
