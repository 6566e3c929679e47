"""Every kind of message arrives or is refused with a sentence: both ways, in all three places of work."""

from typing import Any

import pytest

from holdline.store.people import managers
from tests.journeys.kinds import CAPTIONED, PASSED_ON, carries, entered, named, speaks, words
from tests.journeys.world import Message, Person, Thread, World

pytestmark = pytest.mark.row("F-01")


async def test_every_kind_of_customer_message_arrives_in_a_dialog(place: World) -> None:
    anna = place.customer()
    thread = await place.opened(anna)
    sent = [speaks(anna, kind) for kind in PASSED_ON]
    shown = [await thread.shows(lambda m, one=one: carries(m, one)) for one in sent]
    assert [m["message_id"] for m in shown] == sorted(m["message_id"] for m in shown)
    for one, copy in zip(sent, shown, strict=True):
        if thread.id:
            assert words(copy) == words(one) and "reply_markup" not in copy
        else:
            assert f"#{thread.dialog_id} Lost parcel · Anna" in named(copy)
            assert words(copy).endswith(words(one))
    told = await place.get(f"/dialogs/{thread.dialog_id}/transcript")
    assert [item["kind"] for item in told["items"]] == [
        "text",
        *PASSED_ON,
    ]  # the words that it took up come first


@pytest.mark.row("W-16")
async def test_every_kind_of_manager_message_arrives_in_a_dialog(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    sent = [speaks(maria, kind, thread) for kind in PASSED_ON]
    got = [await anna.gets(lambda m, one=one: carries(m, one)) for one in sent]
    assert [m["message_id"] for m in got] == sorted(m["message_id"] for m in got)
    for one, copy in zip(sent, got, strict=True):
        assert words(copy) == words(one) and "reply_markup" not in copy
    sent_all = [("text", "received"), *((kind, "sent") for kind in PASSED_ON)]
    await place.until_asked(
        f"/dialogs/{thread.dialog_id}/transcript",
        lambda told: [(item["kind"], item["status"]) for item in told["items"]] == sent_all,
        "every kind as sent",
    )


@pytest.mark.row("C-38")
async def test_every_kind_of_message_arrives_outside_any_dialog(place: World) -> None:
    """Each customer begins with another kind; the card names the customer, and a reply to it answers in kind."""
    maria = place.manager()
    chat = place.group or maria.id
    for number, kind in enumerate(PASSED_ON):
        guest = place.customer(510000100 + number, f"Guest{number}")
        sent = speaks(guest, kind)

        def card(sent: Message = sent, name: str = f"Guest{number} · id {guest.id}") -> Message | None:
            cards = [m for m in place.messages(chat) if m["from_bot"] and name in named(m)]
            return next((m for m in cards if carries(m, sent)), None)

        shown = await place.read(await place.until(card, f"a card with the {kind}"))
        assert "➕ Dialog" in named(shown) and words(shown).endswith(words(sent))
        answer = speaks(maria, kind, shown, f"Answered with a {kind}")
        copy = await guest.gets(lambda m, answer=answer: carries(m, answer))
        assert words(copy) == words(answer)


async def test_a_story_is_refused_with_a_sentence_on_both_sides(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    story = anna.sends("story")
    refusal = await anna.gets(lambda m: "cannot be passed on" in words(m))
    assert refusal["message_id"] > story["message_id"]
    own = maria.sends("story", thread)
    told = await thread.shows(lambda m: "cannot send this kind of message" in words(m))
    assert told["reply_to_message"]["message_id"] == own["message_id"]
    assert not [m for m in place.messages(anna.id) if m["from_bot"] and "story" in m]


REFUSED: dict[str, dict[str, Any]] = {
    "quiz": {
        "poll": {
            "id": "1", "question": "2 + 2?", "type": "quiz", "is_anonymous": True, "is_closed": False,
            "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
            "options": [{"persistent_id": "0", "text": "4", "voter_count": 0},
                        {"persistent_id": "1", "text": "5", "voter_count": 0}],
            "total_voter_count": 0,
        }
    },
    "checklist": {"checklist": {"title": "Steps", "tasks": [{"id": 1, "text": "Call"}]}},
    "game": {"game": {"title": "Chess", "description": "A game", "photo": []}},
    "paid media": {"paid_media": {"star_count": 5, "paid_media": []}},
    "tomorrow's kind": {"hologram": {"depth": 3}},
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_a_kind_that_no_bot_can_pass_on_is_refused_with_a_sentence(desk: World, what: str) -> None:
    """Kinds that Telegram lets no bot copy, and one that does not exist yet."""
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    for person, at in ((anna, None), (maria, thread)):
        told = len(_refusals(desk, person, at))
        like = person.says("placeholder", at)
        raw = {name: value for name, value in like.items() if name not in {"text", "entities"}}
        raw["message_id"] = like["message_id"] + 500_000
        desk.box.raw_update({"update_id": 900_000_000 + person.id % 1000, "message": raw | REFUSED[what]})
        await desk.until(
            lambda person=person, at=at, told=told: len(_refusals(desk, person, at)) > told, f"no to a {what}"
        )


def _refusals(world: World, person: Person, at: Thread | None) -> list[Message]:
    seen = at.shown() if at else world.messages(person.id)
    no = "cannot be passed on" if at is None else "cannot send this kind of message"
    return [m for m in seen if m["from_bot"] and no in words(m)]


async def test_a_contact_card_of_the_desk_is_refused(place: World) -> None:
    """Their own, or a colleague's."""
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    maria.sends("contact", thread, phone_number="+48111", first_name="Maria", user_id=maria.id)
    await thread.shows(lambda m: "would show the customer who you are" in words(m))
    boss = await place.store.act(managers.insert, telegram_id=420000001, name="Boss", role="admin")
    maria.sends("contact", thread, phone_number="+48222", first_name="Boss", user_id=boss.telegram_id)
    await thread.shows(lambda m: "would show the customer who your colleague is" in words(m))
    maria.says("Just words", thread)
    await anna.gets("Just words")
    assert not [m for m in place.messages(anna.id) if "contact" in m]


async def test_a_caption_of_the_greatest_length_arrives_whole(without_topics: World) -> None:
    """Where the heading does not fit above it, it moves to a button."""
    anna = without_topics.customer()
    thread = await without_topics.opened(anna)
    for kind in CAPTIONED:
        caption = f"{kind} " + "x" * (1024 - len(kind) - 1)
        sent = speaks(anna, kind, words=caption)
        copy = await thread.shows(lambda m, sent=sent: carries(m, sent))
        assert words(copy) == caption and f"#{thread.dialog_id}" in named(copy)
