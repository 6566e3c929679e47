"""Ron's replies wait for approval: what he, the approvers and the customer see, in each place of work."""

from collections.abc import AsyncIterator

import pytest

from holdline.dialogs.draft import Draft
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.conversation import drafts
from holdline.store.people import managers
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, GROUP, IVAN, words, wrote

RON = 400000090


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    """Ron, who may not reply without approval, has entered Anna's dialog."""
    async with desk_at(request.param, store_url, clock) as desk:
        await desk.store.act(lambda tx: managers.insert(tx, telegram_id=RON, name="Ron", role="restricted"))
        await desk.says(f"/take #{desk.dialog.id}", RON)
        await desk.says(f"/enter {desk.dialog.id}", RON)
        await desk.heard()
        yield desk
        assert await desk.store.read(invariants.find_violations) == []


async def draft_of(desk: Place) -> Draft:
    (draft,) = await desk.store.read(drafts.page)
    return draft


async def write(desk: Place, text: str) -> list[Said]:
    await desk.line(text, RON)
    return await desk.heard()


def cards(said: list[Said], chat: int | None = None) -> list[Said]:
    """Those that can be approved, newest last."""
    return [
        one
        for one in said
        if any(data.startswith("draft.ok") for data in one.offered)
        and chat in (None, one.call.params["chat_id"])
    ]


async def test_the_customer_gets_a_draft_once_it_is_approved(desk: Place) -> None:
    said = await write(desk, "We found your parcel")
    assert to_customer(said) == []
    card = cards(said)[-1]
    assert "Ron" in card.text and "We found your parcel" in card.text
    after = await desk.press(card, "draft.ok")
    assert to_customer(after) == ["We found your parcel"]
    assert any("approved by Maria" in one.text and not cards([one]) for one in after)


async def test_a_second_approval_sends_nothing(desk: Place) -> None:
    said = await write(desk, "Hello")
    chats = (GROUP, GROUP) if desk.mode == "group topic" else (ADMIN, IVAN)
    marias, ivans = (cards(said, chat)[-1] for chat in chats)
    assert to_customer(await desk.press(marias, "draft.ok")) == ["Hello"]
    assert to_customer(await desk.press(ivans, "draft.ok", IVAN)) == []
    assert "already" in desk.gateway.toast


async def test_the_author_cannot_approve_a_draft_with_a_colleagues_button(desk: Place) -> None:
    card = cards(await write(desk, "Mine"))[-1]
    assert to_customer(await desk.press(card, "draft.ok", RON)) == []
    assert (await draft_of(desk)).state == "waiting"


async def test_edit_and_send_sends_the_approvers_text(desk: Place) -> None:
    card = cards(await write(desk, "its here"))[-1]
    form = next(one for one in await desk.press(card, "draft.edit") if one.data_or_none("form"))
    await desk.says("It is here.", ADMIN, **place_of(form))
    assert to_customer(await desk.heard()) == ["It is here."]
    draft = await draft_of(desk)
    assert (draft.state, draft.content.text) == ("sent", "It is here.")


async def test_a_returned_draft_shows_the_reason_and_is_sent_after_a_correction(desk: Place) -> None:
    card = cards(await write(desk, "No"))[-1]
    form = next(one for one in await desk.press(card, "draft.return") if one.data_or_none("form"))
    await desk.says("Friendlier, please", ADMIN, **place_of(form))
    told = await desk.heard()
    notice = next(one for one in told if one.call.params["chat_id"] == RON and one.data_or_none("draft.edit"))
    assert "Friendlier, please" in notice.text and "Maria" in notice.text
    mend = next(one for one in await desk.press(notice, "draft.edit", RON) if one.data_or_none("form"))
    await desk.says("I am sorry, not yet", RON, reply_to=mend.number, **place_of(mend))
    again = cards(await desk.heard())[-1]
    assert "I am sorry, not yet" in again.text
    assert to_customer(await desk.press(again, "draft.ok")) == ["I am sorry, not yet"]


async def test_a_reply_to_the_card_is_a_note_about_the_draft(desk: Place) -> None:
    card = cards(await write(desk, "Maybe"))[-1]
    await desk.says("Ask the courier first", ADMIN, reply_to=card.number, **place_of(card))
    said = await desk.heard()
    assert to_customer(said) == []
    (note,) = (await draft_of(desk)).notes
    assert (note.text, note.author.name) == ("Ask the courier first", "Maria")
    assert any("Ask the courier first" in one.text and cards([one]) for one in said)


async def test_a_newer_customer_message_asks_for_a_second_tap(desk: Place) -> None:
    card = cards(await write(desk, "We are looking"))[-1]
    await wrote(desk.store, words("Found it myself!", 72))
    await desk.heard()
    assert to_customer(await desk.press(card, "draft.ok")) == []
    assert "written in the meantime" in desk.gateway.toast
    anyway = next(data for data in desk.gateway.offered if data.endswith(":1"))
    await desk.presses(anyway, on=card.number, chat=card.call.params["chat_id"])
    assert to_customer(await desk.heard()) == ["We are looking"]


async def test_an_edit_after_the_draft_was_sent_warns_that_the_customer_has_the_old_text(
    desk: Place,
) -> None:
    place = await desk.where(RON)
    number = await desk.says("We lost it", RON, **place)
    await desk.press(cards(await desk.heard())[-1], "draft.ok")
    await desk.edits(number, "We found it", RON, **place)
    said = await desk.heard()
    assert to_customer(said) == []
    (answer,) = [one.text for one in said if one.row["kind"] == "text"]
    assert answer.startswith(
        "The customer still has the earlier words: your role may not reply without approval"
    )


async def test_an_edit_of_the_authors_message_changes_the_draft(desk: Place) -> None:
    number = await desk.says("We fond it", RON, **await desk.where(RON))
    await desk.heard()
    await desk.edits(number, "We found it", RON, **await desk.where(RON))
    said = await desk.heard()
    assert (await draft_of(desk)).content.text == "We found it"
    assert any("We found it" in one.text for one in said)


async def test_a_close_drops_waiting_drafts_and_reports_it(desk: Place) -> None:
    card = cards(await write(desk, "Too late"))[-1]
    await desk.says(f"/close #{desk.dialog.id} 3", ADMIN)
    said = await desk.heard()
    assert any("was not sent" in one.text for one in said)
    assert "Too late" not in " ".join(to_customer(said))
    assert to_customer(await desk.press(card, "draft.ok")) == []


async def opens(desk: Place, card: Said, verb: str, person: int) -> Said:
    """The window that the button opens."""
    return next(one for one in await desk.press(card, verb, person) if one.data_or_none("form"))


async def test_a_decision_ends_everybodys_windows_about_the_draft(desk: Place) -> None:
    """Else the author's next words are taken for the draft that is gone."""
    card = cards(await write(desk, "Its here"))[-1]
    window = await opens(desk, card, "draft.edit", RON)
    own = await opens(desk, card, "draft.return", ADMIN)
    after = await desk.press(card, "draft.ok", ADMIN)
    changed = {one.call.params.get("message_id") for one in after if "approved by Maria" in one.text}
    assert {window.number, own.number} <= changed
    assert cards(await write(desk, "And there is more"))


async def test_a_close_ends_the_windows_about_its_drafts(desk: Place) -> None:
    window = await opens(desk, cards(await write(desk, "Its here"))[-1], "draft.edit", RON)
    await desk.says(f"/close #{desk.dialog.id} 3", ADMIN)
    said = await desk.heard()
    assert any(one.call.params.get("message_id") == window.number for one in said)


async def test_the_authors_window_continues_when_the_draft_is_returned(desk: Place) -> None:
    card = cards(await write(desk, "Its here"))[-1]
    window = await opens(desk, card, "draft.edit", RON)
    form = await opens(desk, card, "draft.return", ADMIN)
    await desk.says("Spelling!", ADMIN, **place_of(form))
    await desk.heard()
    await desk.says("It is here", RON, reply_to=window.number, **place_of(window))
    assert "It is here" in cards(await desk.heard())[-1].text


async def test_a_close_warns_of_waiting_drafts(desk: Place) -> None:
    await write(desk, "Nearly ready")
    await desk.says(f"/close #{desk.dialog.id}", ADMIN, chat=ADMIN)
    form = next(one for one in await desk.heard() if one.data_or_none("form"))
    assert "Drafts that wait for approval: 1" in form.text


PHOTO = [{"file_id": "p1", "file_unique_id": "u1", "width": 9, "height": 9}]


def files(said: list[Said]) -> list[int]:
    """The chats that were shown a picture, each once for each of them."""
    shown = ("copyMessage", "sendPhoto", "copyMessages", "sendMediaGroup")
    return sorted(one.call.params["chat_id"] for one in said if one.call.method in shown)


async def test_a_manager_who_may_approve_a_picture_sees_it_first(desk: Place) -> None:
    await desk.writes(RON, photo=PHOTO, caption="The label", **await desk.where(RON))
    said = await desk.heard()
    assert to_customer(said) == [] and len(cards(said)) >= 1
    # Where Ron has sent it, it can be seen anyway.
    deciders = {one.call.params["chat_id"] for one in cards(said)} - {GROUP, RON}
    assert files(said) == sorted(deciders)
    for one in said:
        if one.call.method == "copyMessage":
            assert "Ron" in one.call.params["caption"]


async def test_each_picture_of_an_album_is_shown_to_the_person_who_may_approve_it(desk: Place) -> None:
    for number in (1, 2):
        photo = [{**PHOTO[0], "file_id": f"p{number}", "file_unique_id": f"u{number}"}]
        await desk.writes(RON, photo=photo, media_group_id="4712", **await desk.where(RON))
    desk.store.clock.advance(5)  # type: ignore[attr-defined]
    said = await desk.heard()
    deciders = {one.call.params["chat_id"] for one in cards(said)} - {GROUP, RON}
    assert files(said) == sorted([*deciders, *deciders])


async def test_a_picture_sent_elsewhere_is_shown_in_the_group_too(desk: Place) -> None:
    await desk.writes(RON, photo=PHOTO, chat=RON)
    said = await desk.heard()
    if desk.mode == "group topic":
        assert GROUP in files(said)


def place_of(said: Said) -> dict[str, int]:
    """Where that message stands, for an answer there."""
    chat, thread = said.call.params["chat_id"], said.call.params.get("message_thread_id")
    return {"chat": chat} | ({"thread": thread} if thread else {})


async def test_a_plain_line_that_was_for_the_form_is_sent_in_place_of_the_draft(desk: Place) -> None:
    """Where a customer could be meant, the line is asked about first; its button hands it to the draft's form."""
    place = await desk.where(ADMIN)
    card = cards(await write(desk, "its here"), place["chat"])[0]
    await desk.press(card, "draft.edit")
    await desk.says("It is here.", ADMIN, **place)
    asked = next(one for one in await desk.heard() if "Not passed on yet" in one.text)
    answer = next(data for data in asked.offered if data.endswith(":answer"))
    shown = [[{"text": "…", "data": data}] for data in asked.offered]
    await desk.presses(answer, ADMIN, on=asked.number, shown=shown, **place)
    assert to_customer(await desk.heard()) == ["It is here."]
    assert (await draft_of(desk)).state == "sent"
