"""Active, paused, closed: how each looks, and the only transitions between them."""

import pytest

from tests.journeys.hands import number_of, press, refused, window
from tests.journeys.world import MARIA, Thread, World, captions

BY_MARIA = {"manager_telegram_id": MARIA}
MOVES = {"⏸ Pause": "pause", "▶️ Resume": "resume", "✅ Close": "close"}


async def looks(thread: Thread, icon: str, state: str) -> list[str]:
    """The moves that the card offers, once icon, words and topic all say that state."""
    card = await thread.card_says(f"Status: {state}")
    assert card["text"].startswith(f"{icon} #{thread.dialog_id} ")
    assert (await thread.dialog())["state"] == state
    if thread.id:
        topic = thread.world.box.world.chats[thread.chat].topics[thread.id]
        await thread.world.until(lambda: topic.name == f"{icon} Lost parcel", f"the topic shows {icon}")
    return [MOVES[one] for one in captions(card) if one in MOVES]


@pytest.mark.row("L-29")
@pytest.mark.row("L-30")
@pytest.mark.row("L-31")
async def test_the_three_states_are_shown_everywhere_and_offer_only_allowed_transitions(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    named = f"#{thread.dialog_id}"
    assert await looks(thread, "▶️", "active") == ["pause", "close"]
    await press(place, maria, thread.card, "⏸ Pause", "Yes, pause")
    assert await looks(thread, "⏸", "paused") == ["resume", "close"]
    await press(place, maria, thread.card, "▶️ Resume", "Yes, resume")
    assert await looks(thread, "▶️", "active") == ["pause", "close"]
    maria.says(f"/pause {named}", thread)
    assert await looks(thread, "⏸", "paused") == ["resume", "close"]
    maria.says(f"/close {named} 2", thread)
    assert await looks(thread, "✅", "closed") == []


@pytest.mark.row("L-31")
async def test_every_other_change_of_state_is_refused_with_a_sentence(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    named = f"Dialog #{thread.dialog_id} “Lost parcel” is"
    maria.says("/resume", thread)
    await thread.shows(f"{named} active already. You can write in it, or pause or close it.")
    maria.says("/pause", thread)
    await thread.card_says("Status: paused")
    maria.says("/pause", thread)
    await thread.shows(f"{named} paused already. You can resume or close it.")
    maria.says("/close 3", thread)
    await thread.card_says("Status: closed")
    last = thread.card["message_id"]
    for command in ("/pause", "/resume", "/close", "/close 1 form"):
        maria.says(command, thread)
        refusal = await window(desk, desk.group, f"{named} closed for good", after=last)
        last = refusal["message_id"]
        assert "➕ New dialog" in captions(refusal)
    dialog = await thread.dialog()
    assert (dialog["state"], dialog["customer_score"]) == ("closed", 3)
    assert not [text for text in anna.got() if "How did we help" in text]


@pytest.mark.row("L-31")
async def test_the_api_allows_the_same_changes_of_state_and_no_others(desk: World) -> None:
    anna = desk.customer()
    anna.says("Hi")
    body = {"customer_id": await number_of(desk, anna), "title": "Lost parcel", **BY_MARIA}
    path = f"/dialogs/{(await desk.post('/dialogs', body, 201))['id']}"
    assert (await refused(desk, f"{path}/resume", BY_MARIA, "wrong_state"))["allowed"] == ["pause", "close"]
    assert (await desk.post(f"{path}/pause", BY_MARIA))["state"] == "paused"
    assert (await refused(desk, f"{path}/pause", BY_MARIA, "wrong_state"))["allowed"] == ["resume", "close"]
    assert (await desk.post(f"{path}/resume", BY_MARIA))["state"] == "active"
    assert (await desk.post(f"{path}/pause", BY_MARIA))["state"] == "paused"
    assert (await desk.post(f"{path}/close", BY_MARIA))["state"] == "closed"
    for move in ("pause", "resume", "close"):
        await refused(desk, f"{path}/{move}", BY_MARIA, "dialog_closed")
