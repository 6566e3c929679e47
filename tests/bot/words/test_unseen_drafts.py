"""Nobody approves what they have not seen: drafts that change behind their card, or do not fit on it."""

from tests.bot.conversation.test_drafts import PHOTO, RON, cards, desk, draft_of, files, write
from tests.bot.desk_kit import to_customer
from tests.bot.places_kit import Place
from tests.bot.staging import ANNA, GROUP

__all__ = ["desk"]


async def test_an_approval_of_a_draft_changed_since_sends_nothing(desk: Place) -> None:
    """The card in front of the approver may be older than the draft: its change waits behind others in a busy group."""
    number = await desk.says("We lost it", RON, **await desk.where(RON))
    card = cards(await desk.heard())[-1]
    await desk.edits(number, "Never write again", RON, **await desk.where(RON))
    assert to_customer(await desk.press(card, "draft.ok")) == []
    assert "Ron has changed" in desk.gateway.toast
    assert (await draft_of(desk)).state == "waiting"


async def test_a_picture_that_was_replaced_since_is_not_sent_by_an_approval_of_the_first(desk: Place) -> None:
    where = await desk.where(RON)
    number = await desk.writes(RON, photo=PHOTO, caption="The label", **where)
    card = cards(await desk.heard())[-1]
    other = [{**PHOTO[0], "file_id": "p2", "file_unique_id": "u2"}]
    message = desk._message(RON, photo=other, caption="The label", **where)
    await desk.update(edited_message={**message, "message_id": number, "edit_date": message["date"] + 60})
    said = await desk.press(card, "draft.ok")
    assert to_customer(said) == []
    deciders = {one.call.params["chat_id"] for one in cards(said)} - {GROUP, RON}
    assert files(said) == sorted(deciders)  # Where Ron has sent it, it can be seen anyway.
    after = await desk.press(cards(await desk.heard() or said)[-1], "draft.ok")
    (sent,) = [one.call for one in after if one.row["audience"] == "customer"]
    assert (sent.method, sent.params["photo"], sent.params["caption"]) == ("sendPhoto", "p2", "The label")


async def test_a_part_that_joins_its_album_late_is_not_sent_by_an_approval_of_the_others(desk: Place) -> None:
    where = await desk.where(RON)
    for number in (1, 2):
        await desk.writes(
            RON, photo=[{**PHOTO[0], "file_unique_id": f"u{number}"}], media_group_id="4713", **where
        )
    desk.store.clock.advance(5)  # type: ignore[attr-defined]
    card = cards(await desk.heard())[-1]
    await desk.writes(RON, photo=[{**PHOTO[0], "file_unique_id": "u3"}], media_group_id="4713", **where)
    desk.store.clock.advance(5)  # type: ignore[attr-defined]
    newest = cards(await desk.heard())
    assert to_customer(await desk.press(card, "draft.ok")) == []
    assert len(newest) >= 1 and len((await draft_of(desk)).parts) == 2


async def test_a_person_who_may_approve_it_reads_the_end_of_a_long_draft(desk: Place) -> None:
    """A card shows the first 2,500 characters, and the customer would get all."""
    said = await write(desk, f"{'word ' * 700}and never come back")
    deciders = {one.call.params["chat_id"] for one in cards(said)} - {GROUP, RON}
    read = {one.call.params["chat_id"] for one in said if one.text.endswith("and never come back")}
    assert deciders <= read - {ANNA.telegram_id}
    assert to_customer(said) == []


async def test_a_card_shows_where_a_hidden_link_leads(desk: Place) -> None:
    link = {"type": "text_link", "offset": 4, "length": 4, "url": "https://elsewhere.example.net/login"}
    await desk.writes(RON, text="See here", entities=[link], **await desk.where(RON))
    card = cards(await desk.heard())[-1]
    assert "https://elsewhere.example.net/login" in card.text
