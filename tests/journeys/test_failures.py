"""A failed delivery is reported in reply to the message, and nothing is lost."""

import pytest

from tests.journeys.hands import now, press
from tests.journeys.kinds import entered, speaks, words
from tests.journeys.world import Message, Thread, World, captions

NINA = 400000079


async def told_at(world: World, message: Message, part: str) -> Message:
    """A notice that stands as a reply to exactly that message."""

    def found() -> Message | None:
        seen = world.messages(message["chat"]["id"])
        fits = [m for m in seen if part in words(m) and m["from_bot"]]
        return next((m for m in fits if _replied(m) == message["message_id"]), None)

    notice: Message = await world.until(found, f"a notice at the message: {part!r}")
    return notice


def _replied(message: Message) -> int:
    return int(message.get("reply_to_message", {}).get("message_id", 0))


async def status_of(world: World, thread: Thread, text: str, status: str) -> None:
    await world.until_asked(
        f"/dialogs/{thread.dialog_id}/transcript",
        lambda told: [i for i in told["items"] if i["text"] == text and i["status"] == status],
        f"{text!r} as {status}",
    )


@pytest.mark.row("C-43")
@pytest.mark.row("F-10")
async def test_a_reply_to_a_customer_who_blocked_the_bot_is_reported(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    place.box.blocks(anna.id)
    for kind in ("text", "photo", "sticker"):
        said = speaks(maria, kind, thread)
        await told_at(place, said, "the customer has blocked the bot")
    await status_of(place, thread, "This is my text", "parked")
    found = await place.get(f"/customers?telegram_id={anna.id}")
    assert found["items"][0]["reach"] == "blocked"
    place.box.blocks(anna.id, False)
    maria.says("Welcome back", thread)
    await anna.gets("Welcome back")


@pytest.mark.row("F-10")
async def test_a_blocked_customer_causes_one_notice_and_one_tap_resends_after_the_return(
    place: World,
) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    place.box.blocks(anna.id)
    said = maria.says("It comes tomorrow", thread)
    await told_at(place, said, "the customer has blocked the bot")
    await thread.card_says("has blocked the bot")
    place.box.blocks(anna.id, False)
    back = await told_at(place, said, "can be reached again")
    seen = [words(m) for m in place.messages(said["chat"]["id"]) if _replied(m) == said["message_id"]]
    assert not [text for text in seen if text.startswith("Sent")], seen
    await place.until(
        lambda: "blocked the bot" not in words(now(place, thread.card)), "the card is as before"
    )
    await press(place, maria, back, "Send again")
    await anna.gets("It comes tomorrow")
    await told_at(place, said, f"Sent to Anna · #{thread.dialog_id}")
    assert captions(now(place, back)) == [], "nobody sends it twice"
    assert anna.got().count("It comes tomorrow") == 1


@pytest.mark.row("F-10")
async def test_a_reply_to_a_deleted_account_is_reported(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    place.box.deactivates(anna.id)
    said = maria.says("Hello?", thread)
    await told_at(place, said, "account no longer exists")


@pytest.mark.row("F-10")
@pytest.mark.parametrize(
    ("code", "description"),
    [(400, "Bad Request: message text is empty"), (400, "Bad Request: something nobody has ever seen")],
)
async def test_a_text_refused_by_telegram_is_reported_and_its_neighbours_arrive(
    desk: World, code: int, description: str
) -> None:
    """The neighbours still arrive, in order; what is known to be hopeless is told at once."""
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    desk.box.faults.add("sendMessage", match='"Refused"', count=0, error_code=code, description=description)
    maria.says("Before", thread)
    said = maria.says("Refused", thread)
    maria.says("After", thread)
    notice = await told_at(desk, said, "Not delivered: Telegram refused this message")
    assert description.removeprefix("Bad Request: ") in words(notice)
    await anna.gets("After")
    assert anna.got() == ["Before", "After"]
    await status_of(desk, thread, "Refused", "parked")
    history = await desk.get(f"/dialogs/{thread.dialog_id}/history")
    assert [item["kind"] for item in history["items"]].count("undelivered") == 1


@pytest.mark.row("C-40")
@pytest.mark.row("F-10")
async def test_formatting_that_telegram_refuses_does_not_lose_the_text(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    desk.box.faults.add(
        "sendMessage", match="Bold words", error_code=400, description="Bad Request: can't parse entities: x"
    )
    maria.says("Bold words", thread, entities=[{"type": "bold", "offset": 0, "length": 4}])
    got = await anna.gets("Bold words")
    assert "entities" not in got


@pytest.mark.row("F-10")
async def test_an_undeliverable_reply_to_a_card_is_reported(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    anna.says("Hello")
    card = await maria.card("Hello")
    place.box.blocks(anna.id)
    said = maria.says("Good day", card)
    await told_at(place, said, "the customer has blocked the bot")


@pytest.mark.row("F-10")
async def test_a_failed_message_of_the_api_is_reported_in_the_dialog(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    place.box.blocks(anna.id)
    body = {"manager_telegram_id": maria.id, "text": "From the office"}
    await place.post(f"/dialogs/{thread.dialog_id}/messages", body, 201)
    await thread.shows(lambda m: "the customer has blocked the bot" in words(m))


@pytest.mark.row("F-10")
async def test_an_album_that_cannot_be_delivered_is_reported_once(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    desk.box.blocks(anna.id)
    parts = maria.album(["photo", "photo", "photo"], thread, number="5", caption="Look")
    maria.says("And this", thread)
    await told_at(desk, parts[0], "the customer has blocked the bot")
    last = await thread.shows(
        lambda m: "blocked the bot" in words(m) and _replied(m) > parts[2]["message_id"]
    )
    notices = [m for m in thread.shown() if "Not delivered" in words(m)]
    assert notices[-1]["message_id"] == last["message_id"] and len(notices) == 2


@pytest.mark.row("F-10")
async def test_a_message_the_desk_cannot_be_shown_is_reported_in_its_place(desk: World) -> None:
    anna = desk.customer()
    thread = await desk.opened(anna)
    desk.box.faults.add(
        "copyMessage", count=0, error_code=400, description="Bad Request: message can't be copied"
    )
    anna.sends("photo", caption="Look")
    await thread.shows(lambda m: "Telegram does not let us show this here: photo" in words(m))


@pytest.mark.row("F-10")
@pytest.mark.parametrize("place", ["private", "without_topics"], indirect=True)
async def test_messages_for_a_manager_who_has_not_started_the_bot_arrive_after_the_start(
    place: World,
) -> None:
    """The customer's words are parked in sight, and arrive as soon as the manager presses start."""
    anna, maria, nina = place.customer(), place.manager(), place.manager(NINA, "Nina")
    await place.post("/managers", {"telegram_id": NINA, "name": "Nina", "role": "manager"}, 201)
    anna.says("Hello")
    await maria.card("Hello")
    found = await place.get(f"/customers?telegram_id={anna.id}")
    dialog = {"customer_id": found["items"][0]["id"], "title": "Lost parcel", "type": "Support"}
    await place.post("/dialogs", {**dialog, "manager_telegram_id": NINA, "participants": []}, 201)
    anna.says("Any news?")
    await maria.gets(lambda m: "could not be shown to anybody" in words(m))
    nina.says("/start")
    shown = await nina.reads(lambda m: words(m).endswith("Any news?"))
    nina.says("Tomorrow", shown)
    await anna.gets("Tomorrow")
    assert len([text for text in nina.got() if text.endswith("Any news?")]) == 1
