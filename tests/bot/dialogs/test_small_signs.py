"""Small notices to managers: pictures with a command, edits, earlier messages, times and titles."""

from collections.abc import AsyncIterator

import pytest

from holdline.dialogs.text.splitting import first_line
from holdline.store.clock import ManualClock
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ANNA, words, wrote

PHOTO = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk


def about_files(said: list[Said]) -> list[str]:
    return [one.text for one in said if "What came with it went to nobody" in one.text]


@pytest.mark.parametrize("caption", ["/pause", "/close 3"])
async def test_a_picture_with_a_command_is_mentioned_in_the_answer(desk: Place, caption: str) -> None:
    await desk.writes(photo=PHOTO, caption=caption, **await desk.where())
    said = await desk.heard()
    assert to_customer(said) == [] and len(about_files(said)) == 1


@pytest.mark.parametrize("caption", ["/pause", "/close 3"])
async def test_several_pictures_with_a_command_are_mentioned_once(
    desk: Place, clock: ManualClock, caption: str
) -> None:
    await sends_album(desk, clock, caption)
    said = await desk.heard()
    assert to_customer(said) == [] and len(about_files(said)) == 1


@pytest.mark.parametrize("pictures", [1, 2])
@pytest.mark.parametrize("caption", ["/close 3 at once", "/clsoe"])
async def test_pictures_with_a_command_that_did_nothing_can_be_sent(
    desk: Place, clock: ManualClock, caption: str, pictures: int
) -> None:
    """The close is refused, a score of 3 and a word that nobody knows; the other is no command at all."""
    if pictures == 1:
        await desk.writes(photo=PHOTO, caption=caption, **await desk.where())
    else:
        await sends_album(desk, clock, caption)
    said = await desk.heard()
    assert to_customer(said) == [] and about_files(said) == []
    (told,) = [one for one in said if "What came with the command went to nobody" in one.text]
    sent = await desk.press(told, "form:")
    clock.advance(5)
    sent += await desk.heard()
    (call,) = [one.call for one in sent if one.call.params["chat_id"] == ANNA.telegram_id]
    media = call.params.get("media", [call.params])
    assert len(media) == pictures and not any(one.get("caption") for one in media)


async def sends_album(desk: Place, clock: ManualClock, caption: str) -> None:
    for words_below in (caption, ""):
        await desk.writes(photo=PHOTO, caption=words_below, media_group_id="8", **await desk.where())
    clock.advance(5)


async def test_a_note_keeps_its_pictures_without_a_notice(desk: Place) -> None:
    await desk.writes(photo=PHOTO, caption="/note broken", **await desk.where())
    assert about_files(await desk.heard()) == []


async def test_a_reply_edited_into_a_command_is_called_a_command(desk: Place) -> None:
    where = await desk.where()
    for edit, word in (("/close 3", "command"), ("/note hm", "note"), (". hm", "note")):
        number = await desk.says("Tomorrow.", **where)
        await desk.heard()
        await desk.edits(number, edit, **where)
        (refusal,) = await desk.heard("text")
        assert f"cannot become a {word}" in refusal.text


async def test_a_dialog_that_continues_an_old_one_shows_its_last_messages(desk: Place) -> None:
    await desk.line("It comes on Monday.")
    await desk.heard()
    await desk.close()
    await desk.line("One more thing")
    (refusal,) = await desk.heard("text")
    (wizard,) = await desk.press(refusal, "dlg.new")
    said = await desk.press(wizard, wizard.data("form:").rsplit(":", 1)[0] + ":now")
    shown = [one.text for one in said if one.row["kind"] == "mirror"]
    assert any("It comes on Monday." in text for text in shown)
    assert to_customer(said) == ["One more thing"], "the customer hears nothing twice"


async def test_a_card_right_after_a_close_shows_just_now(desk: Place, clock: ManualClock) -> None:
    await desk.close()
    await wrote(desk.store, words("Thanks!", 98))
    (card, *_) = await desk.heard("inbox_card")
    assert "closed just now" in card.text


@pytest.mark.parametrize(
    ("text", "title"), [("Where is it.", "Where is it"), ("Well...", "Well..."), ("Why?", "Why?"), (".", "")]
)
def test_a_proposed_title_has_no_full_stop(text: str, title: str) -> None:
    assert first_line(text, 100) == title
