"""A note is shown to every participant of its dialog, where they work, and to no customer."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.conversation.notes import add_note
from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.people.staff import change_manager
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, GROUP, IVAN, manager, named

ZOE = 400000079
PHOTO = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        await give(desk, IVAN)
        clock.advance(1)
        yield desk


async def give(desk: Place, person: int) -> list[Said]:
    def work(tx: Tx) -> None:
        assign_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id, assignee_telegram_id=person)

    await desk.store.act(work)
    return await desk.heard()


def notes(said: list[Said]) -> list[tuple[int, str]]:
    return [(one.call.params["chat_id"], one.text) for one in said if one.row["kind"] == "note"]


def colleagues(desk: Place, *people: int) -> list[int]:
    """Where a note shows that they read; a staff group shows it once for all."""
    return [GROUP] if desk.mode == "group topic" else list(people)


@pytest.mark.row("W-19")
@pytest.mark.parametrize("closed", [False, True])
async def test_a_colleague_reads_the_note_in_their_own_place(desk: Place, closed: bool) -> None:
    if closed:
        await desk.close()
    await desk.line(". she lies about the parcel")
    said = await desk.heard()
    assert to_customer(said) == []
    shown = notes(said)
    assert [chat for chat, _ in shown] == ([] if desk.mode == "group topic" else [IVAN])
    for _, text in shown:
        assert "📝 Note · Maria" in text and text.endswith("she lies about the parcel")
        assert (f"#{desk.dialog.id}" in text) == (desk.mode == "private without topics")
    assert await desk.store.read(invariants.find_violations) == []


async def test_a_note_by_the_api_is_shown_to_all_participants(desk: Place) -> None:
    def work(tx: Tx) -> None:
        add_note(tx, manager=manager(tx), dialog_id=desk.dialog.id, text="Checked the address.")

    await desk.store.act(work)
    said = await desk.heard()
    assert to_customer(said) == []
    assert [chat for chat, _ in notes(said)] == colleagues(desk, ADMIN, IVAN)


async def test_a_note_written_elsewhere_is_shown_in_the_dialogs_place(desk: Place) -> None:
    await desk.says(f"/note #{desk.dialog.id} Call her", chat=ADMIN)
    shown = notes(await desk.heard())
    mine = [ADMIN] if desk.mode == "private topic" else []
    assert [chat for chat, _ in shown] == colleagues(desk, *mine, IVAN)


@pytest.mark.row("W-20")
async def test_a_note_keeps_its_picture(desk: Place) -> None:
    await desk.says(f"/enter {desk.dialog.id}", IVAN)
    await desk.heard()
    await desk.writes(IVAN, photo=PHOTO, caption=".the broken box", **await desk.where(IVAN))
    said = await desk.heard()
    assert to_customer(said) == []
    shown = [one for one in said if one.row["kind"] == "note"]
    if desk.mode != "group topic":
        (picture,) = shown
        assert picture.call.method == "copyMessage" and picture.call.params["chat_id"] == ADMIN
        assert "📝 Note · Ivan" in picture.text and picture.text.endswith("the broken box")


async def test_a_reply_to_a_shown_note_is_a_note(desk: Place) -> None:
    await desk.store.act(lambda tx: add_note(tx, manager=manager(tx), dialog_id=desk.dialog.id, text="Hm."))
    (theirs,) = [
        one for one in await desk.heard("note") if one.call.params["chat_id"] == colleagues(desk, IVAN)[0]
    ]
    where = await desk.where(IVAN)
    await desk.says("I agree", IVAN, reply_to=theirs.number, **where)
    said = await desk.heard()
    assert to_customer(said) == []
    rows = await desk.store.read(lambda tx: tx.all("SELECT text FROM notes ORDER BY id"))
    assert [row["text"] for row in rows] == ["Hm.", "I agree"]


async def test_delete_on_a_colleagues_note_explains_what_can_be_removed(desk: Place) -> None:
    await desk.store.act(lambda tx: add_note(tx, manager=manager(tx), dialog_id=desk.dialog.id, text="Hm."))
    (theirs,) = [
        one for one in await desk.heard("note") if one.call.params["chat_id"] == colleagues(desk, IVAN)[0]
    ]
    await desk.says("/delete", IVAN, reply_to=theirs.number, **await desk.where(IVAN))
    (told,) = [one.text for one in await desk.heard("text")]
    assert told.startswith("Only what the desk wrote to a customer can be taken back.")


async def test_a_manager_who_takes_over_sees_the_notes(desk: Place, clock: ManualClock) -> None:
    await desk.line(".first")
    await desk.line(".second")
    await desk.heard()
    clock.advance(1)
    await desk.store.act(lambda tx: named(tx, ZOE, "Zoe"))
    shown = notes(await give(desk, ZOE))
    expected = [] if desk.mode == "group topic" else ["first", "second"]
    assert [text.split("\n")[-1] for chat, text in shown if chat == ZOE] == expected


async def test_a_long_note_is_shown_whole(desk: Place) -> None:
    words = " ".join(f"{number:04}" for number in range(819))
    await desk.store.act(lambda tx: add_note(tx, manager=manager(tx), dialog_id=desk.dialog.id, text=words))
    reader = colleagues(desk, IVAN)[0]
    text = " ".join(text for chat, text in notes(await desk.heard()) if chat == reader)
    assert [word for word in text.split() if word.isdigit()] == words.split()


async def test_a_former_manager_gets_no_note(desk: Place) -> None:
    ivan = await desk.store.read(lambda tx: managers.by_telegram_id(tx, IVAN))
    await desk.store.act(change_manager, acting=None, manager_id=ivan.id, changes={"active": False})
    await desk.heard()
    await desk.store.act(lambda tx: add_note(tx, manager=manager(tx), dialog_id=desk.dialog.id, text="Hm."))
    assert [chat for chat, _ in notes(await desk.heard())] == colleagues(desk, ADMIN)
    assert await desk.store.read(invariants.find_violations) == []


async def test_a_note_edited_back_is_shown_again(desk: Place, clock: ManualClock) -> None:
    where = await desk.where()
    number = await desk.says(".do pay", **where)
    for words in (".do NOT pay", ".do pay"):
        await desk.heard()
        clock.advance(1)
        await desk.edits(number, words, **where)
    shown = notes(await desk.heard())
    assert [text.endswith("do pay") for _, text in shown] == ([] if desk.mode == "group topic" else [True])


@pytest.mark.row("C-20")
@pytest.mark.parametrize("marks", [("", "/note "), (".", "."), ("/note ", "/note "), (".", "")])
async def test_an_edited_note_is_updated_and_never_sent_to_the_customer(
    desk: Place, marks: tuple[str, str]
) -> None:
    before, after = marks
    number = await desk.says(f"{before or '.'}refund of 50 agreed", **await desk.where())
    await desk.heard()
    await desk.edits(number, f"{after}refund of 500 agreed", **await desk.where())
    said = await desk.heard()
    assert to_customer(said) == []
    assert [chat for chat, _ in notes(said)] == ([] if desk.mode == "group topic" else [IVAN])
    assert all("✏️ Edited note · Maria" in text for _, text in notes(said))
    assert all(text.endswith("refund of 500 agreed") for _, text in notes(said))
    assert any("Noted" in one.text or "📝" in one.text for one in said if one.row["kind"] != "note")
    rows = await desk.store.read(lambda tx: tx.all("SELECT text FROM notes"))
    assert [row["text"] for row in rows] == ["refund of 500 agreed"]
    told = await desk.store.read(lambda tx: tx.one("SELECT text FROM history WHERE kind = 'note_edited'"))
    assert told is not None and told["text"] == "refund of 50 agreed"


@pytest.mark.parametrize("number", ["#{}", "{}"])
async def test_the_number_of_the_dialog_is_not_part_of_an_edited_note(desk: Place, number: str) -> None:
    """A number without # is one where the note was not begun with it."""
    mark = number.format(desk.dialog.id)
    note = await desk.says(f"/note #{desk.dialog.id} refund of 50 agreed", **await desk.where())
    counted = await desk.says(f".{mark} parcels are lost", **await desk.where())
    await desk.edits(note, f"/note {mark} refund of 500 agreed", **await desk.where())
    await desk.edits(counted, f"/note {mark} parcels are found", **await desk.where())
    rows = await desk.store.read(lambda tx: tx.all("SELECT text FROM notes ORDER BY id"))
    assert [row["text"] for row in rows] == ["refund of 500 agreed", f"{mark} parcels are found"]
