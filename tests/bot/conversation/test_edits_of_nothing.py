"""An edit of a message that was not sent is answered: people correct a slip by editing and expect a result."""

from collections.abc import AsyncIterator

import pytest

from holdline.store import invariants
from holdline.store.clock import ManualClock
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, GROUP


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk


async def edited(desk: Place, before: str, after: str) -> list[Said]:
    """What is said after the edit of a message that was written in the dialog's place."""
    where = await desk.where()
    number = await desk.says(before, **where)
    await desk.heard()
    await desk.edits(number, after, **where)
    return await desk.heard()


@pytest.mark.parametrize("before", ["/paus", "/info", "/note", "."])
async def test_a_command_edited_into_text_is_kept_for_one_tap(desk: Place, before: str) -> None:
    (told,) = await edited(desk, before, "I am with you, Anna")
    assert told.text.startswith("✏️ Nobody has seen this edit: the message did not go to Anna.")
    said = await desk.press(told, "form:")
    assert to_customer(said) == ["I am with you, Anna"]
    assert await desk.store.read(invariants.find_violations) == []


async def test_the_tap_sends_the_newest_text(desk: Place) -> None:
    where = await desk.where()
    number = await desk.says("/paus", **where)
    await desk.edits(number, "I am", **where)
    (_, told) = await desk.heard("text")
    await desk.edits(number, "I am here", **where)
    assert to_customer(await desk.press(told, "form:")) == ["I am here"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("/paus", "/pause"), ("/close 7", "/close 3"), ("/note", "/note late"), (".", ". late")],
)
async def test_an_edit_into_a_command_or_note_is_answered(desk: Place, before: str, after: str) -> None:
    (told,) = await edited(desk, before, after)
    assert told.text.startswith("✏️ Nothing was done: an edit is never taken as a command or a note.")
    assert told.offered == []


async def test_a_note_edited_into_a_command_keeps_its_text(desk: Place) -> None:
    (told,) = await edited(desk, ". calls after six", "/close")
    assert told.text.startswith("✏️ Nothing was done")
    noted = await desk.store.read(lambda tx: tx.all("SELECT text FROM notes"))
    assert [note["text"] for note in noted] == ["calls after six"]


async def test_a_message_without_a_recipient_has_none_after_an_edit(
    store_url: str, clock: ManualClock
) -> None:
    async with desk_at("private topic", store_url, clock) as desk:
        number = await desk.says("for whom is this")
        await desk.heard()
        await desk.edits(number, "and this")
        (told,) = await desk.heard()
        assert told.text == "✏️ Nobody has seen this edit, and nothing was done. Send it as a new message."


async def test_talk_among_colleagues_and_commands_for_other_bots_are_ignored(
    store_url: str, clock: ManualClock
) -> None:
    async with desk_at("group topic", store_url, clock) as desk:
        for before, after in (("lunch?", "lunch at one?"), ("/roll", "/roll@other_bot")):
            number = await desk.says(before, ADMIN, chat=GROUP)
            await desk.heard()
            await desk.edits(number, after, chat=GROUP)
            assert await desk.heard() == []
