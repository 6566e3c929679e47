"""/broadcast as a reply: the replied message goes to many, with all parts of its album."""

from typing import Any

import pytest

from holdline.store.clock import ManualClock
from tests.bot.desk_kit import Staff, thread_of
from tests.bot.marketing.test_broadcast_form import composed, made, press, staff
from tests.bot.staging import ADMIN, GROUP, opened

__all__ = ["staff"]


def answering(text: str, replied: dict[str, Any]) -> dict[str, Any]:
    """A command typed as a reply to that message."""
    chat = {"id": ADMIN, "type": "private"}
    return {"text": text, "reply_to_message": {"date": 1, "chat": chat, "message_id": 7, **replied}}


def photo(number: int) -> list[dict[str, Any]]:
    return [{"file_id": f"P{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9}]


@pytest.mark.row("M-05")
@pytest.mark.parametrize(
    ("replied", "shown"),
    [
        ({"text": "Hi {customer.name|friend}!"}, "Hi Maria!"),
        ({"photo": photo(1), "caption": "Look"}, "Look"),
        (
            {"text": "Said by the bot", "from": {"id": 7, "is_bot": True, "first_name": "B"}},
            "Said by the bot",
        ),
    ],
)
async def test_the_command_as_a_reply_broadcasts_the_replied_message(
    staff: Staff, replied: dict[str, Any], shown: str
) -> None:
    await staff.writes(**answering("/broadcast", replied))
    sample, form = await staff.heard()
    assert sample.row["kind"] == "marketing_sample" and sample.text == shown
    await press(staff, form, "start", "start!")
    (broadcast,) = await made(staff)
    assert broadcast.content.variants[0].words.text == replied.get("text", replied.get("caption"))
    assert [medium.source for medium in broadcast.content.media] == (["P1"] if "photo" in replied else [])


@pytest.mark.row("M-05")
async def test_as_a_reply_to_one_part_it_takes_the_whole_album_as_it_was_last_edited(
    staff: Staff, clock: ManualClock
) -> None:
    numbers = [
        await staff.writes(
            photo=photo(number), media_group_id="7712", caption="Look!" if number == 1 else None
        )
        for number in (1, 2, 3)
    ]
    clock.advance(5)
    await staff.heard()
    first = {"photo": photo(1), "media_group_id": "7712"}
    date = {"date": 1, "edit_date": 2, "from": {"id": ADMIN, "is_bot": False, "first_name": "Maria"}}
    chat = {"chat": {"id": ADMIN, "type": "private"}, "message_id": numbers[0]}
    await staff.update(edited_message={**chat, **date, **first, "caption": "Look here!"})
    await staff.heard()
    second = {"photo": photo(2), "media_group_id": "7712", "message_id": numbers[1]}
    await staff.writes(**answering("/broadcast", second))
    sample, form = await staff.heard()
    assert [medium["media"] for medium in sample.call.params["media"]] == ["P1", "P2", "P3"]
    assert sample.call.params["media"][0]["caption"].startswith("Look here!\n")
    assert f"{form.form}:buttons" not in form.offered


async def test_a_reply_to_one_part_of_a_samples_album_takes_the_whole_album(
    staff: Staff, clock: ManualClock
) -> None:
    """The line about unsubscribing is not part of it: each recipient gets that once anyway."""
    await staff.says("/broadcast")
    await staff.answer()
    for number in (1, 2):
        caption = {"caption": "Look!"} if number == 1 else {}
        await staff.writes(photo=photo(number), media_group_id="88", **caption)
    clock.advance(5)
    *_, sample, _ = await staff.heard()
    assert "/subscriptions" in sample.call.params["media"][0]["caption"]
    bot = {"id": 7, "is_bot": True, "first_name": "B"}
    second = {"photo": photo(2), "media_group_id": "99", "message_id": sample.number + 1, "from": bot}
    await staff.writes(**answering("/broadcast", second))
    again, form = await staff.heard()
    assert again.call.params["media"] == sample.call.params["media"]
    await press(staff, form, "start", "start!")
    (broadcast,) = await made(staff)
    assert [medium.source for medium in broadcast.content.media] == ["P1", "P2"]
    assert broadcast.content.variants[0].words.text == "Look!"


@pytest.mark.row("M-05")
async def test_a_sample_has_the_button_of_its_topic(staff: Staff) -> None:
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "topic")
    await staff.says("sales")
    await press(staff, form, "sample")
    (sample,) = await staff.heard("marketing_sample")
    ((button,),) = sample.call.params["reply_markup"]["inline_keyboard"]
    assert button == {"text": "🔕 No more about sales", "callback_data": "out:unsubscribe"}
    await staff.presses("out:unsubscribe", on=sample.number)
    assert "Only a test" in staff.gateway.toast


async def test_half_an_album_is_refused_with_a_sentence(staff: Staff) -> None:
    await staff.writes(**answering("/broadcast", {"photo": photo(1), "media_group_id": "9_%"}))
    assert "Only one part of this album is known" in (await staff.answer()).text
    await staff.writes(**answering("/broadcast", {"dice": {"emoji": "🎲", "value": 3}}))
    assert "cannot be sent as a broadcast" in (await staff.answer()).text
    assert await made(staff) == []


@pytest.mark.row("M-05")
async def test_in_a_dialogs_topic_the_form_of_a_reply_stands_there_and_nothing_goes_to_its_customer(
    staff: Staff,
) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    thread = await thread_of(staff.store, dialog.id)
    in_topic = {"message_thread_id": thread, "is_topic_message": True}
    group = {"chat": {"id": GROUP, "type": "supergroup", "title": "Desk", "is_forum": True}}
    replied = {"text": "Only today", "message_id": 9, **group, **in_topic}
    await staff.writes(chat=GROUP, thread=thread, **answering("/broadcast", replied))
    sample, form = await staff.heard()
    assert sample.text == "Only today"
    assert {said.call.params["message_thread_id"] for said in (sample, form)} == {thread}
