"""Marketing during an active dialog: held, dropped, and released in order when the dialog ends."""

import pytest

from tests.journeys.hands import became, now, number_of, offered, paused, press, window
from tests.journeys.world import World, captions


@pytest.mark.row("L-36")
@pytest.mark.row("L-37")
@pytest.mark.row("L-40")
async def test_held_messages_are_listed_and_sent_in_order_at_the_pause(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    offers = [
        await offered(desk, anna, "Step one"),
        await offered(desk, anna, "Sale!", "broadcast"),
        await offered(desk, anna, "Step two"),
    ]
    assert [offer["status"] for offer in offers] == ["held"] * 3
    await thread.card_says("📥 3 held")
    await press(desk, maria, thread.card, "📥 3 held")
    listed = await window(desk, desk.group, "Held for")
    assert listed["text"].splitlines()[1:6:2] == [
        "1. 📣 Funnel: Step one",
        "2. 📣 Broadcast: Sale!",
        "3. 📣 Funnel: Step two",
    ]
    maria.says("Still looking", thread)
    await anna.gets("Still looking")
    assert not {"Step one", "Sale!", "Step two"} & set(anna.got())
    await paused(desk, maria, thread)
    await anna.gets("Step two")
    assert anna.got()[-3:] == ["Step one", "Sale!", "Step two"]
    for offer in offers:
        await became(desk, offer, "sent")
    maria.says("/resume", thread)
    card = await thread.card_says("Status: active")
    assert not [one for one in captions(card) if "held" in one]
    maria.says("/pause", thread)
    last = await offered(desk, anna, "Step three")
    await became(desk, last, "sent")
    assert [anna.got().count(text) for text in ("Step one", "Sale!", "Step two", "Step three")] == [1] * 4


@pytest.mark.row("L-37")
@pytest.mark.row("L-40")
async def test_closing_releases_in_order_too(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    for number in range(5):
        await offered(desk, anna, f"Step {number}")
    maria.says("/close 2", thread)
    await anna.gets("Step 4")
    assert anna.got()[-5:] == [f"Step {number}" for number in range(5)]


@pytest.mark.row("C-23")
@pytest.mark.row("L-38")
async def test_a_smart_reply_at_a_held_gate_never_arrives(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    robot = await offered(desk, anna, "We are open from nine to five", "smart_reply")
    assert robot["status"] == "dropped" and robot["held_by"]["title"] == "Lost parcel"
    await offered(desk, anna, "Step one")
    await thread.card_says("📥 1 held")
    await paused(desk, maria, thread)
    await anna.gets("Step one")
    maria.says("/close", thread)
    form = await thread.shows(lambda m: "Close #" in m.get("text", ""))
    await press(desk, maria, form, "✅ Close")
    await anna.gets(lambda m: captions(m) == ["Bad", "Okay", "Great"])
    later = await offered(desk, anna, "Opening hours: see above", "smart_reply")
    await became(desk, later, "sent")
    assert "We are open from nine to five" not in anna.got()
    await became(desk, robot, "dropped")


@pytest.mark.row("L-39")
async def test_any_active_dialog_of_the_customer_holds_the_gate_and_only_of_that_customer(
    desk: World,
) -> None:
    anna, bruno, maria = desk.customer(), desk.customer(510000002, "Bruno"), desk.manager()
    first = await paused(desk, maria, await desk.opened(anna))
    second = await desk.opened(anna, "Wrong colour")
    held = await offered(desk, anna, "Step one")
    assert held["status"] == "held" and held["held_by"]["dialog_id"] == second.dialog_id
    maria.says("/close 3", first)
    await first.card_says("Status: closed")
    assert (await desk.get(f"/customers/{await number_of(desk, anna)}/gate"))["state"] == "held"
    bruno.says("Any discounts?")
    await maria.card("Any discounts?")
    assert (await offered(desk, bruno, "For Bruno"))["status"] == "queued"
    await bruno.gets("For Bruno")
    maria.says("It is the blue one", second)
    await anna.gets("It is the blue one")
    assert "Step one" not in anna.got()
    await paused(desk, maria, second)
    await anna.gets("Step one")


@pytest.mark.row("L-41")
async def test_a_dialog_that_becomes_active_again_holds_the_rest(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    offers = [await offered(desk, anna, f"Step {number}") for number in range(3)]
    desk.box.faults.add("sendMessage", match="Step 0", delay=3.0)
    maria.says("/pause", thread)
    await anna.gets("Step 0")
    await desk.post(f"/dialogs/{thread.dialog_id}/resume", {"manager_telegram_id": maria.id})
    maria.says("One more question", thread)
    await anna.gets("One more question")
    assert not {"Step 1", "Step 2"} & set(anna.got())
    assert [(await desk.get(f"/outbound/{o['id']}"))["status"] for o in offers] == ["sent", "held", "held"]
    await thread.card_says("📥 2 held")
    await paused(desk, maria, thread)
    await anna.gets("Step 2")
    assert [text for text in anna.got() if text.startswith("Step")] == ["Step 0", "Step 1", "Step 2"]


@pytest.mark.row("L-36")
async def test_the_card_stops_counting_messages_the_customer_unsubscribed_from(desk: World) -> None:
    anna = desk.customer()
    thread = await desk.opened(anna)
    offer = await offered(desk, anna, "Step one")
    await thread.card_says("📥 1 held")
    anna.says("/stop")
    await became(desk, offer, "cancelled")
    await desk.until(lambda: "held" not in now(desk, thread.card)["text"], "nothing is held any more")
