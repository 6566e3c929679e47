"""Albums of managers: only one part carries the words or the reply, and yet every part fares alike."""

from typing import Any

import pytest

from holdline.desk.dialogs import pause_dialog
from holdline.store.clock import HandClock
from holdline.store.engine import Store
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ANNA, GROUP, manager, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    return Staff(group_desk)


async def album(staff: Staff, caption: str, *, replies: tuple[int | None, ...], **where: Any) -> None:
    """One photo for each entry of `replies`; the first has the caption."""
    for at, reply in enumerate(replies):
        photo = [{"file_id": f"p{at}", "file_unique_id": f"u{at}", "width": 9, "height": 9}]
        more = {"caption": caption} if at == 0 else {}
        await staff.writes(photo=photo, media_group_id="4711", reply_to=reply, **more, **where)


def copied(said: list[Said]) -> list[int]:
    """How many messages each call carries to the customer."""
    return [
        len(one.call.params.get("message_ids") or one.call.params.get("media") or [1])
        for one in said
        if one.call.params["chat_id"] == ANNA.telegram_id
    ]


@pytest.mark.row("R-18")
@pytest.mark.parametrize("caption", [". internal only", "/note internal only"])
async def test_an_album_that_begins_as_a_note_stays_one(staff: Staff, clock: HandClock, caption: str) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    topic = await thread_of(staff.store, dialog.id)
    await album(staff, caption, replies=(None, None, None), chat=GROUP, thread=topic)
    clock.advance(5)
    said = await staff.heard()
    assert copied(said) == []
    assert [one.text[:2] for one in said] == ["📝 "], "said once for the whole album"
    notes = await staff.store.read(lambda tx: tx.all("SELECT text, data_json FROM notes ORDER BY id"))
    assert [note["data_json"]["file_id"] for note in notes] == ["p0", "p1", "p2"]


async def test_parts_without_the_reply_go_to_the_same_customer(staff: Staff, clock: HandClock) -> None:
    card = (await staff.heard("inbox_card"))[0]
    inbox = await thread_of(staff.store, None)
    await album(staff, "look", replies=(card.number, None), chat=GROUP, thread=inbox)
    clock.advance(5)
    assert copied(await staff.heard()) == [2]


@pytest.mark.row("L-47")
@pytest.mark.row("F-02")
async def test_a_refused_album_is_refused_once_and_sent_together_afterwards(
    staff: Staff, clock: HandClock
) -> None:
    dialog = await opened(staff.store)
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await staff.heard()
    topic = await thread_of(staff.store, dialog.id)
    await album(staff, "look", replies=(None, None, None), chat=GROUP, thread=topic)
    said = await staff.heard()
    assert copied(said) == [] and len(said) == 1
    await staff.presses(said[0].data("form:"), chat=GROUP, on=said[0].number, thread=topic)
    clock.advance(5)
    assert copied(await staff.heard()) == [3]
