"""/later with files: sent at the time, an album as one, by the rules of every reply; the text can be changed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from holdline.desk.conversation.scheduling import list_waiting_replies, send_due_reply
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.telegram.call import Call
from tests.bot.desk_kit import Said
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, ANNA, IVAN, manager

LATER = "/later 2h Our contract"


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk


def photo(number: int) -> dict[str, Any]:
    return {"photo": [{"file_id": f"p{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9}]}


async def send_file(desk: Place, caption: str, **more: Any) -> Said:
    """One photo, or what `more` says; what the desk says of it first."""
    await desk.writes(caption=caption, **(more or photo(0)), **await desk.where())
    return (await desk.heard("text"))[0]


async def send_album(desk: Place, clock: ManualClock, *captions: str) -> list[Said]:
    for number, caption in enumerate(captions):
        words = {"caption": caption} if caption else {}
        await desk.writes(media_group_id="4711", **photo(number), **words, **await desk.where())
    clock.advance(1)
    return await desk.heard()


def calls_to_customer(said: list[Said]) -> list[Call]:
    return [one.call for one in said if one.call.params["chat_id"] == ANNA.telegram_id]


async def two_hours(desk: Place, clock: ManualClock) -> list[Call]:
    clock.advance(7201)
    assert await desk.store.act(send_due_reply) == 1
    assert await desk.store.read(invariants.find_violations) == []
    return calls_to_customer(await desk.heard())


async def planned_words(desk: Place) -> list[str]:
    waiting = await desk.store.read(lambda tx: list_waiting_replies(tx, dialog_id=desk.dialog.id))
    return [reply.content.text for reply in waiting]


async def test_a_file_is_sent_later_with_the_text_after_the_time(desk: Place, clock: ManualClock) -> None:
    planned = await send_file(desk, LATER)
    assert "📎 Our contract" in planned.text
    (call,) = await two_hours(desk, clock)
    assert (call.method, call.params["photo"], call.params["caption"]) == ("sendPhoto", "p0", "Our contract")


async def test_a_file_without_text_never_shows_the_command(desk: Place, clock: ManualClock) -> None:
    await send_file(desk, "/later 2h")
    (call,) = await two_hours(desk, clock)
    assert (call.method, call.params.get("caption", "")) == ("sendPhoto", "")


@pytest.mark.parametrize("speaks", [0, 1, 2])
async def test_an_album_is_sent_as_one_in_its_order(desk: Place, clock: ManualClock, speaks: int) -> None:
    captions = ["", "", ""]
    captions[speaks] = LATER
    said = await send_album(desk, clock, *captions)
    assert calls_to_customer(said) == []
    assert any("📎×3 Our contract" in one.text for one in said if one.data_or_none("later.drop"))
    (call,) = await two_hours(desk, clock)
    shown = [(medium["media"], medium.get("caption", "")) for medium in call.params["media"]]
    words = ["Our contract" if number == speaks else "" for number in range(3)]
    assert shown == list(zip(["p0", "p1", "p2"], words, strict=True))


async def test_a_part_that_comes_late_waits_with_its_album(desk: Place, clock: ManualClock) -> None:
    await send_album(desk, clock, LATER, "")
    await desk.writes(media_group_id="4711", **photo(2), **await desk.where())
    clock.advance(1)
    assert calls_to_customer(await desk.heard()) == []
    (call,) = await two_hours(desk, clock)
    assert [medium["media"] for medium in call.params["media"]] == ["p0", "p1", "p2"]


async def test_an_album_survives_a_restart(desk: Place, clock: ManualClock, store_url: str) -> None:
    await send_album(desk, clock, LATER, "")
    clock.advance(7201)
    again = Store(store_url, bot_id=desk.store.bot_id, rules=desk.store.rules, clock=clock)
    await again.start()
    assert await again.act(send_due_reply) == 1
    await again.close()
    (call,) = calls_to_customer(await desk.heard())
    assert len(call.params["media"]) == 2


async def test_a_scheduled_album_is_listed_and_cancelled_as_one(desk: Place, clock: ManualClock) -> None:
    await send_album(desk, clock, LATER, "")
    await desk.line("/later")
    listed = await desk.answer()
    assert "📎×2 Our contract" in listed.text
    await desk.press(listed, "later.drop")
    clock.advance(7201)
    assert (await desk.store.act(send_due_reply), calls_to_customer(await desk.heard())) == (0, [])


async def test_a_long_caption_goes_on_below_the_file(desk: Place, clock: ManualClock) -> None:
    await send_file(desk, f"/later 2h {'word ' * 300}")
    calls = await two_hours(desk, clock)
    assert [call.method for call in calls] == ["sendPhoto", "sendMessage"]
    said = calls[0].params["caption"] + " " + calls[1].params["text"]
    assert said.split() == ["word"] * 300


@pytest.mark.parametrize("words", [". only for us", "/note only for us"])
async def test_a_note_is_not_scheduled(desk: Place, words: str) -> None:
    await send_file(desk, f"/later 2h {words}")
    assert await planned_words(desk) == []


async def test_an_album_with_a_note_mark_is_not_scheduled(desk: Place, clock: ManualClock) -> None:
    await send_album(desk, clock, LATER, ". only for us")
    assert await planned_words(desk) == []


@pytest.mark.parametrize("caption", ["/later", "/later soon", "/later Our contract"])
async def test_a_scheduled_file_without_a_time_asks_for_one(desk: Place, caption: str) -> None:
    told = await send_file(desk, caption)
    assert "/later 18:00" in told.text
    assert (told.data_or_none("later.drop"), await planned_words(desk)) == (None, [])


async def test_in_a_paused_dialog_it_comes_back_and_can_go_outside_as_one(
    desk: Place, clock: ManualClock
) -> None:
    await send_album(desk, clock, LATER, "")
    dialog_id = desk.dialog.id
    await desk.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog_id))
    await desk.heard()
    clock.advance(7201)
    assert await desk.store.act(send_due_reply) == 1
    said = await desk.heard()
    notice = next(one for one in said if one.data_or_none("later.send"))
    assert (calls_to_customer(said), "📎×2 Our contract" in notice.text) == ([], True)
    outside = next(data for data in notice.offered if data.startswith("later.send:1:1:"))
    await desk.presses(outside, on=notice.number, chat=notice.call.params["chat_id"])
    (call,) = calls_to_customer(await desk.heard())
    assert len(call.params["media"]) == 2


async def edited(desk: Place, planned: Said, words: str, person: int = ADMIN) -> None:
    """✏️ is pressed, and the window that it opens is answered by a reply to it."""
    (window,) = [one for one in await desk.press(planned, "later.edit", person) if one.offered]
    chat = window.call.params["chat_id"]
    where = {"chat": chat, "thread": window.call.params.get("message_thread_id"), "reply_to": window.number}
    await desk.says(words, person, **where)
    for one in await desk.heard():
        if answer := next((data for data in one.offered if data.endswith(":answer")), None):
            await desk.presses(answer, person, on=one.number, chat=chat)


async def test_the_text_of_a_scheduled_file_can_be_changed(desk: Place, clock: ManualClock) -> None:
    planned = await send_file(desk, LATER)
    await edited(desk, planned, "The newer contract")
    assert await planned_words(desk) == ["The newer contract"]
    (call,) = await two_hours(desk, clock)
    assert (call.params["photo"], call.params["caption"]) == ("p0", "The newer contract")
    await desk.press(planned, "later.edit")
    assert "already" in desk.gateway.toast


async def test_a_colleague_who_changes_a_scheduled_reply_is_named_as_its_author(desk: Place) -> None:
    planned = await send_file(desk, LATER)
    await desk.says("Hello", IVAN)
    await desk.heard()
    await edited(desk, planned, "I call you myself", IVAN)
    (reply,) = await desk.store.read(lambda tx: list_waiting_replies(tx, dialog_id=desk.dialog.id))
    assert (reply.author.telegram_id, reply.content.text) == (IVAN, "I call you myself")


CARD = {"contact": {"phone_number": "+4857", "first_name": "Shop"}}
PLACE = {"location": {"latitude": 54.35, "longitude": 18.65}}
STICKER = {
    "sticker": {
        "file_id": "s1", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9, "is_animated": False,
        "is_video": False,
    }
}  # fmt: skip


async def answer_moment(desk: Place, **what: Any) -> None:
    """A moment alone opens a window; `what` is the reply to it."""
    await desk.line("/later 2h")
    window = await desk.answer()
    chat = window.call.params["chat_id"]
    where = {"chat": chat, "thread": window.call.params.get("message_thread_id"), "reply_to": window.number}
    await desk.writes(**what, **where)
    for one in await desk.heard():
        if answer := next((data for data in one.offered if data.endswith(":answer")), None):
            await desk.presses(answer, on=one.number, chat=chat)


@pytest.mark.parametrize("what", [CARD, PLACE, STICKER, {"text": "We call you"}])
async def test_a_time_alone_schedules_any_kind_of_message(
    desk: Place, clock: ManualClock, what: dict[str, Any]
) -> None:
    await answer_moment(desk, **what)
    assert len(await planned_words(desk)) == 1
    assert len(await two_hours(desk, clock)) == 1


@pytest.mark.parametrize("what", [
    {"contact": {"phone_number": "+4857", "first_name": "Maria", "user_id": ADMIN}},
    {**photo(0), "media_group_id": "4712"},
    {"text": ". only for us"},
])  # fmt: skip
async def test_a_time_alone_does_not_schedule_own_contacts_albums_or_notes(
    desk: Place, clock: ManualClock, what: dict[str, Any]
) -> None:
    await answer_moment(desk, **what)
    clock.advance(1)
    assert calls_to_customer(await desk.heard()) == []
    assert await planned_words(desk) == []


async def test_a_file_that_its_author_replaces_later_is_not_sent(desk: Place, clock: ManualClock) -> None:
    """The edit is answered as without effect; a copy of the original would show the other file all the same."""
    where = await desk.where()
    await desk.says("/later 2h", **where)
    window = next(one for one in await desk.heard() if one.data_or_none("form"))
    number = await desk.writes(caption="Our contract", reply_to=window.number, **photo(0), **where)
    await desk.heard()
    message = desk._message(ADMIN, caption="Our contract", **photo(1), **where)
    await desk.update(edited_message={**message, "message_id": number, "edit_date": message["date"] + 60})
    (sent,) = await two_hours(desk, clock)
    assert (sent.method, sent.params["photo"], sent.params["caption"]) == ("sendPhoto", "p0", "Our contract")
