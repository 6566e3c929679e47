"""Forms, presses and refusals as managers use them, through the whole app; in the group and in private."""

import pytest

from tests.journeys.world import Message, Person, Thread, World, captions


def caption(message: Message, part: str) -> str:
    """The whole caption of the button that holds those words."""
    return next(one for one in captions(message) if part in one)


async def press(world: World, person: Person, message: Message, *parts: str) -> Message:
    """One button after the other on the same message, each once it is there."""
    chat, number = message["chat"]["id"], message["message_id"]

    def now() -> Message:
        return next(m for m in world.messages(chat) if m["message_id"] == number)

    for part in parts:
        await world.until(lambda part=part: [c for c in captions(now()) if part in c], f"a button {part!r}")
        person.presses(now(), caption(now(), part))
    return now()


async def window(world: World, chat: int, words: str, after: int = 0) -> Message:
    def found() -> Message | None:
        fits = [
            m
            for m in world.messages(chat)
            if m["from_bot"] and words in m.get("text", "") and m["message_id"] > after
        ]
        return fits[-1] if fits else None

    return await world.until(found, f"a window with {words!r}")


@pytest.fixture(params=["group", "topics", "without_topics"])
def place(request: pytest.FixtureRequest) -> World:
    """The three places to work."""
    name = {"group": "desk", "topics": "private", "without_topics": "without_topics"}[request.param]
    return request.getfixturevalue(name)  # type: ignore[no-any-return] # pytest's own


@pytest.mark.row("L-04")
@pytest.mark.row("L-05")
@pytest.mark.row("L-22")
async def test_the_wizard_opens_the_dialog(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    anna.says("Where is my parcel?\nIt is late.")
    card = await maria.card("Where is my parcel?")
    await press(desk, maria, card, "➕")
    wizard = await window(desk, desk.group, "New dialog with Anna")
    await press(desk, maria, wizard, "Next", "Next", "Refund", "Open the dialog")
    thread = await maria.thread("Where is my parcel?")
    dialog = await thread.dialog()
    assert (dialog["type"], dialog["state"]) == ("Refund", "active")
    answer = await window(desk, desk.group, "is open", after=wizard["message_id"])
    links = [b["url"] for row in answer["reply_markup"]["inline_keyboard"] for b in row]
    assert links == [f"https://t.me/c/{str(desk.group)[4:]}/{thread.id}"]


@pytest.mark.row("L-52")
@pytest.mark.row("L-47")
async def test_pausing_takes_two_taps_and_stops_messages(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    await press(desk, maria, thread.card, "⏸ Pause", "Yes, pause")
    await thread.card_says("paused")
    maria.says("Still there?", thread)
    refusal = await thread.shows(lambda m: "is paused" in m.get("text", "") and "Resume" in str(captions(m)))
    assert "Still there?" not in anna.got()
    await press(desk, maria, refusal, "Write in general")
    await anna.gets("Still there?")


@pytest.mark.row("L-55")
@pytest.mark.row("L-57")
async def test_the_close_form_closes_the_dialog(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    await press(desk, maria, thread.card, "✅ Close")
    form = await thread.shows(lambda m: "Close #" in m.get("text", "") and "⭐" in str(captions(m)))
    await press(desk, maria, form, "⭐⭐⭐", "Explain", "📌 Reason")
    maria.says("Parcel found", thread)
    await press(desk, maria, form, "✅ Close")
    await anna.gets(lambda m: captions(m) == ["Bad", "Okay", "Great"])
    dialog = await thread.dialog()
    assert (dialog["state"], dialog["customer_score"]) == ("closed", 3)
    assert "Parcel found" not in anna.got()


@pytest.mark.row("L-26")
async def test_the_card_form_saves_changes(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    await press(desk, maria, thread.card, "Title")
    form = await thread.shows(lambda m: "new title" in m.get("text", ""))
    maria.says("Found parcel", thread)  # at once: the desk may not have heard yet that the question was sent
    await press(desk, maria, form, "🏷 Type", "Refund", "💾")
    await thread.card_says("Found parcel")
    await thread.card_says("Refund")


@pytest.mark.row("C-21")
async def test_undo_removes_a_sent_message(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    maria.says("Oops", thread)
    await anna.gets("Oops")
    undo = await thread.shows(lambda m: "Undo" in str(captions(m)))
    await press(desk, maria, undo, "Undo")
    await desk.until(lambda: "Oops" not in anna.got(), "the copy is gone")


@pytest.mark.row("L-13")
@pytest.mark.row("L-14")
async def test_settings_work_in_the_managers_own_chat(desk: World) -> None:
    maria = desk.manager()
    maria.says("/settings")
    menu = await maria.gets(lambda m: "Settings" in m.get("text", ""))
    await press(desk, maria, menu, "Types")
    await maria.gets(lambda m: "Write a name" in m.get("text", ""))
    maria.says("Complaint")
    await desk.until_asked("/lists/types", lambda found: "Complaint" in str(found), "the new type")


async def _dialog_by_hand(world: World) -> tuple[Person, Person, Thread]:
    anna, maria = world.customer(), world.manager()
    return anna, maria, await world.opened(anna)


@pytest.mark.row("L-45")
async def test_a_message_outside_the_active_dialog_is_refused(place: World) -> None:
    anna, maria, thread = await _dialog_by_hand(place)
    card = await maria.card("Hello, about: Lost parcel")
    maria.says("past it", card)
    refusal = await window(place, place.group or maria.id, "already has an active dialog")
    assert [one.split()[0] for one in captions(refusal)] == ["➡️", "⏸", "✅", "💬"]
    await press(place, maria, refusal, "Pause", "Yes, pause")
    await thread.card_says("paused")
    maria.says("now it goes", card)
    await anna.gets("now it goes")
    assert "past it" not in anna.got()
    await press(place, maria, refusal, "Write in general")
    await anna.gets("past it")


async def test_a_note_stays_at_the_desk(place: World) -> None:
    anna, maria, thread = await _dialog_by_hand(place)
    maria.says(f"/note #{thread.dialog_id} be careful", None)
    await maria.gets(lambda m: "Noted" in m.get("text", ""))
    assert not [text for text in anna.got() if "careful" in text]
