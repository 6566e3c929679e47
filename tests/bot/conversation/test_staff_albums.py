"""Albums of managers: only one part has the text or the reply, and all parts are treated alike."""

from typing import Any

import pytest

from holdline.desk.conversation.drafts import approve_draft, draft_page
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ADMIN, ANNA, GROUP, manager, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    return Staff(group_desk)


async def album(
    staff: Staff, caption: str, *, replies: tuple[int | None, ...], speaks: int = 0, **where: Any
) -> list[int]:
    """One photo for each entry of `replies`, the caption at part `speaks`; the numbers of the messages."""
    sent = []
    for at, reply in enumerate(replies):
        photo = [{"file_id": f"p{at}", "file_unique_id": f"u{at}", "width": 9, "height": 9}]
        more = {"caption": caption} if at == speaks else {}
        sent.append(await staff.writes(photo=photo, media_group_id="4711", reply_to=reply, **more, **where))
    return sent


async def topic_of(staff: Staff) -> dict[str, Any]:
    """Where a dialog of Anna's is talked about: its topic in the group."""
    dialog = await opened(staff.store)
    await staff.heard()
    return {"chat": GROUP, "thread": await thread_of(staff.store, dialog.id)}


async def notes_of(staff: Staff) -> list[tuple[str, str]]:
    rows = await staff.store.read(lambda tx: tx.all("SELECT text, data_json FROM notes ORDER BY id"))
    return [(row["text"], row["data_json"]["file_id"]) for row in rows]


def copied(said: list[Said]) -> list[int]:
    """How many messages each call carries to the customer."""
    return [
        len(one.call.params.get("message_ids") or one.call.params.get("media") or [1])
        for one in said
        if one.call.params["chat_id"] == ANNA.telegram_id
    ]


NOTES = [". internal only", "/note internal only", ".internal only"]


@pytest.mark.row("R-18")
@pytest.mark.parametrize("speaks", [0, 1, 2])
@pytest.mark.parametrize("caption", NOTES)
async def test_an_album_with_a_note_mark_anywhere_is_a_note(
    staff: Staff, clock: ManualClock, caption: str, speaks: int
) -> None:
    topic = await topic_of(staff)
    await album(staff, caption, replies=(None, None, None), speaks=speaks, **topic)
    clock.advance(5)
    said = await staff.heard()
    assert copied(said) == []
    assert [one.text[:2] for one in said] == ["📝 "], "said once for the whole album"
    kept = await notes_of(staff)
    assert sorted(file for _, file in kept) == ["p0", "p1", "p2"]
    assert [text for text, file in kept if text] == ["internal only"]


@pytest.mark.row("R-18")
@pytest.mark.parametrize("caption", NOTES)
async def test_a_note_mark_in_a_private_desk_sends_nothing(
    private_desk: Store, clock: ManualClock, caption: str
) -> None:
    """Without topics: the album is a reply to what the customer wrote, or the dialog is the one entered."""
    await wrote(private_desk, words())
    staff = Staff(private_desk)
    dialog = await opened(private_desk)
    said = await staff.heard()
    shown = next(one for one in said if one.row["kind"] in ("mirror", "info_card"))
    await album(staff, caption, replies=(shown.number, None), speaks=1)
    clock.advance(5)
    assert copied(await staff.heard()) == []
    await staff.says(f"/enter {dialog.id}")
    await album(staff, caption, replies=(None, None), speaks=1)
    clock.advance(5)
    assert copied(await staff.heard()) == []
    assert len(await notes_of(staff)) == 4


@pytest.mark.parametrize("reply_at", [0, 1])
async def test_an_album_goes_to_the_target_of_its_only_reply(
    staff: Staff, clock: ManualClock, reply_at: int
) -> None:
    card = (await staff.heard("inbox_card"))[0]
    replies = (card.number, None) if reply_at == 0 else (None, card.number)
    await album(staff, "look", replies=replies, chat=GROUP, thread=await thread_of(staff.store, None))
    clock.advance(5)
    assert copied(await staff.heard()) == [2]


async def test_an_album_with_a_note_mark_under_a_card_is_explained_once(
    staff: Staff, clock: ManualClock
) -> None:
    card = (await staff.heard("inbox_card"))[0]
    inbox = await thread_of(staff.store, None)
    await album(staff, ". hidden", replies=(card.number, card.number), speaks=1, chat=GROUP, thread=inbox)
    clock.advance(5)
    said = await staff.heard()
    assert copied(said) == [] and len(said) == 1


@pytest.mark.row("L-47")
@pytest.mark.row("F-02")
async def test_a_refused_album_is_refused_once_and_sent_together_afterwards(
    staff: Staff, clock: ManualClock
) -> None:
    dialog = await opened(staff.store)
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id))
    await staff.heard()
    topic = await thread_of(staff.store, dialog.id)
    await album(staff, "look", replies=(None, None, None), chat=GROUP, thread=topic)
    clock.advance(5)
    said = await staff.heard()
    assert copied(said) == [] and len(said) == 1
    await staff.presses(said[0].data("form:"), chat=GROUP, on=said[0].number, thread=topic)
    clock.advance(5)
    assert copied(await staff.heard()) == [3]


async def test_a_pause_between_two_parts_refuses_all_of_them_or_none(
    staff: Staff, clock: ManualClock
) -> None:
    topic = await topic_of(staff)
    await album(staff, "look", replies=(None,), **topic)
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=1))
    await album(staff, "", replies=(None, None), **topic)
    clock.advance(5)
    said = await staff.heard()
    assert copied(said) == []
    assert len([one for one in said if one.offered and one.row["kind"] == "text"]) == 1


async def test_a_restricted_managers_album_is_one_draft_that_leaves_as_one_album(
    staff: Staff, clock: ManualClock
) -> None:
    topic = await topic_of(staff)
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=77, name="Ron", role="restricted"))
    await album(staff, "look", replies=(None, None), speaks=1, person=77, **topic)
    clock.advance(5)
    said = await staff.heard()
    assert copied(said) == []
    (draft,) = await staff.store.read(draft_page, state="waiting")
    await staff.store.act(lambda tx: approve_draft(tx, manager=manager(tx), draft_id=draft.id))
    clock.advance(5)
    assert copied(await staff.heard()) == [2]


async def test_album_parts_wait_in_the_database_for_the_next_process(
    staff: Staff, clock: ManualClock
) -> None:
    """A killed process leaves nothing but rows; another one decides them, and what is said next comes after them."""
    topic = await topic_of(staff)
    await album(staff, "look", replies=(None, None), **topic)
    clock.advance(5)
    restarted = Staff(staff.store)
    assert copied(await restarted.heard()) == [2]


async def test_a_message_sent_next_comes_after_the_album(staff: Staff) -> None:
    topic = await topic_of(staff)
    await album(staff, "look", replies=(None, None), **topic)
    await staff.says("These are they", **topic)
    said = [one for one in await staff.heard() if one.call.params["chat_id"] == ANNA.telegram_id]
    assert copied(said) == [2, 1] and said[-1].text == "These are they"


async def test_a_caption_corrected_at_once_applies_to_the_album(staff: Staff, clock: ManualClock) -> None:
    topic = await topic_of(staff)
    sent = await album(staff, "a known fraud", replies=(None, None), **topic)
    photo = [{"file_id": "p0", "file_unique_id": "u0", "width": 9, "height": 9}]
    more = {"photo": photo, "media_group_id": "4711", "caption": ". a known fraud"}
    message = staff._message(ADMIN, **topic, **more) | {"message_id": sent[0], "edit_date": 1_794_204_260}
    await staff.update(edited_message=message)
    clock.advance(5)
    assert copied(await staff.heard()) == []


async def test_a_late_part_is_treated_like_its_album(staff: Staff, clock: ManualClock) -> None:
    topic = await topic_of(staff)
    await album(staff, ". hidden", replies=(None, None), speaks=1, **topic)
    clock.advance(5)
    await staff.heard()
    await album(staff, "", replies=(None,), **topic)
    clock.advance(5)
    assert copied(await staff.heard()) == []
    assert len(await notes_of(staff)) == 3


async def test_an_album_that_cannot_be_decided_is_reported_and_no_longer_kept(
    staff: Staff, clock: ManualClock
) -> None:
    topic = await topic_of(staff)
    await album(staff, "look", replies=(None, None), **topic)
    await staff.store.act(lambda tx: tx.run("UPDATE waiting_album_parts SET content_json = '[]'"))
    clock.advance(5)
    for _ in range(3):
        await staff.albums.tick()
    assert ["went to nobody" in one.text for one in await staff.heard()] == [True]
    assert await staff.albums.tick() == 0
