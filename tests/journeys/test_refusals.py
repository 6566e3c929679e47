"""One active dialog, and who may write where: each refusal names what is in the way and how to go on."""

import asyncio

import pytest

from tests.journeys.hands import now, number_of, paused, press, refused, window
from tests.journeys.world import Message, Person, Thread, World, captions, kind_of, rows_of


def state_of(thread: Thread, world: World) -> list[str]:
    """The captions of the card's buttons now."""
    return captions(now(world, thread.card))


@pytest.mark.row("L-42")
async def test_of_two_dialogs_opened_in_the_same_moment_one_is_refused(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    anna.says("Hello")
    await maria.card("Hello")
    customer = await number_of(desk, anna)
    bodies = [
        {"customer_id": customer, "title": title, "type": "Support", "manager_telegram_id": maria.id}
        for title in ("Left", "Right", "Middle")
    ]
    answers = await asyncio.gather(*(desk.api.post("/dialogs", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    found = await desk.get(f"/customers/{customer}/dialogs?state=active")
    assert len(found["items"]) == 1


@pytest.mark.row("L-42")
@pytest.mark.row("L-43")
async def test_a_second_dialog_is_refused_with_the_remedy(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    card = await maria.card("Hello, about: Lost parcel")
    maria.says("/open Wrong colour", card)
    refusal = await window(desk, desk.group, "already has an active dialog")
    number = thread.dialog_id
    assert f"#{number} “Lost parcel”" in refusal["text"]
    assert captions(refusal) == [f"➡️ Go to #{number}", "⏸ Pause it", "✅ Close it"]
    assert rows_of(refusal)[0][0]["url"] == f"https://t.me/c/{str(desk.group)[4:]}/{thread.id}"
    body = {"title": "Wrong colour", "type": "Support", "manager_telegram_id": maria.id}
    error = await refused(
        desk, "/dialogs", {"customer_id": await number_of(desk, anna), **body}, "active_dialog_exists"
    )
    assert error["object"]["id"] == number and error["allowed"] == ["pause", "close"]
    await press(desk, maria, refusal, "Pause it", "Yes, pause")
    await thread.card_says("Status: paused")
    maria.says("/open Wrong colour", card)
    await maria.thread("Wrong colour")


@pytest.mark.row("L-43")
async def test_the_refusal_offers_to_close_the_dialog_in_the_way(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    card = await maria.card("Hello, about: Lost parcel")
    maria.says("/open Wrong colour", card)
    refusal = await window(desk, desk.group, "already has an active dialog")
    await press(desk, maria, refusal, "Close it")
    form = await window(desk, desk.group, f"Close #{thread.dialog_id}")
    await press(desk, maria, form, f"✅ Close #{thread.dialog_id}")
    await thread.card_says("Status: closed")
    maria.says("/open Wrong colour", card)
    await maria.thread("Wrong colour")


@pytest.mark.row("L-44")
async def test_a_paused_dialog_stays_paused_while_another_is_active(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    first = await paused(desk, maria, await desk.opened(anna))
    second = await desk.opened(anna, "Wrong colour")
    await press(desk, maria, first.card, "▶️ Resume", "Yes, resume")
    refusal = await first.shows(lambda m: "already has an active dialog" in m.get("text", ""))
    assert f"#{second.dialog_id} “Wrong colour”" in refusal["text"]
    assert captions(refusal)[1:] == ["⏸ Pause it", "✅ Close it"]
    me = {"manager_telegram_id": maria.id}
    error = await refused(desk, f"/dialogs/{first.dialog_id}/resume", me, "active_dialog_exists")
    assert error["object"]["id"] == second.dialog_id
    assert (await first.dialog())["state"] == "paused"
    await press(desk, maria, refusal, "Pause it", "Yes, pause")
    await second.card_says("Status: paused")
    maria.says("/resume", first)
    await first.card_says("Status: active")


@pytest.mark.row("L-45")
@pytest.mark.row("L-46")
@pytest.mark.parametrize("way", ["pause", "close"])
async def test_a_message_outside_the_dialog_is_refused_while_it_is_active(desk: World, way: str) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    card = await maria.card("Hello, about: Lost parcel")
    maria.says("past the dialog", card)
    refusal = await window(desk, desk.group, "already has an active dialog")
    number = thread.dialog_id
    ways_out = [f"➡️ Go to #{number}", "⏸ Pause it", "✅ Close it", f"💬 Send it in #{number}"]
    assert captions(refusal) == ways_out
    path = f"/customers/{await number_of(desk, anna)}/messages"
    said = {"manager_telegram_id": maria.id, "text": "past the API"}
    error = await refused(desk, path, said, "active_dialog_exists")
    assert error["object"]["title"] == "Lost parcel"
    maria.says("/pause" if way == "pause" else "/close 3", thread)
    await thread.card_says("Status: paused" if way == "pause" else "Status: closed")
    maria.says("Here I am again", card)
    await anna.gets("Here I am again")
    await desk.post(path, {**said, "text": "And here too"}, 201)
    await anna.gets("And here too")
    assert not {"past the dialog", "past the API"} & set(anna.got())


@pytest.mark.row("L-47")
@pytest.mark.row("L-48")
async def test_a_paused_dialog_refuses_messages_until_it_is_resumed(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await paused(desk, maria, await desk.opened(anna))
    maria.says("Into the pause", thread)
    refusal = await thread.shows(lambda m: "is paused. Resume it to write here" in m.get("text", ""))
    assert captions(refusal) == ["▶️ Resume", "💬 Write in general"]
    said = {"manager_telegram_id": maria.id, "text": "Into the pause"}
    error = await refused(desk, f"/dialogs/{thread.dialog_id}/messages", said, "dialog_paused")
    assert error["allowed"] == ["resume", "write_general"]
    await press(desk, maria, refusal, "Resume", "Yes, resume")
    await thread.card_says("Status: active")
    maria.says("Back to work", thread)
    await anna.gets("Back to work")
    assert "Into the pause" not in anna.got()


async def written_into_a_pause(place: World) -> tuple[Person, Person, Thread, Message]:
    """Anna, Maria, the paused dialog's thread, and the refusal under Maria's words."""
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    maria.says(f"/pause #{thread.dialog_id}", thread)
    await thread.card_says("Status: paused")
    maria.says("Into the pause", thread if thread.id else thread.card)
    refusal = await thread.shows(lambda m: "is paused. Resume it to write here" in m.get("text", ""))
    return anna, maria, thread, refusal


@pytest.mark.row("L-48")
async def test_a_message_written_in_a_pause_can_be_sent_once_the_dialog_is_resumed(place: World) -> None:
    anna, maria, thread, refusal = await written_into_a_pause(place)
    await press(place, maria, refusal, "Resume", "Yes, resume", "Send it in #")
    await anna.gets("Into the pause")
    await thread.shows(lambda m: m.get("text", "") == f"💬 Goes to Anna · #{thread.dialog_id}.")
    assert anna.got().count("Into the pause") == 1


@pytest.mark.row("L-47")
async def test_a_message_written_in_a_pause_can_be_sent_once_to_the_general_chat(place: World) -> None:
    anna, maria, _, refusal = await written_into_a_pause(place)
    await press(place, maria, refusal, "Write in general")
    await anna.gets("Into the pause")
    assert anna.got().count("Into the pause") == 1


@pytest.mark.row("L-49")
@pytest.mark.row("L-50")
async def test_a_closed_dialog_shows_it_and_accepts_no_more_messages(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    maria.says("/close 3", thread)
    await thread.card_says("✅ #")
    await thread.shows(
        lambda m: kind_of(m) == "forum_topic_edited" and m["forum_topic_edited"]["name"] == "✅ Lost parcel"
    )
    maria.says("Too late", thread)
    refusal = await thread.shows(lambda m: "is closed for good" in m.get("text", ""))
    assert captions(refusal) == ["➕ New dialog", "💬 Write in general"]
    said = {"manager_telegram_id": maria.id, "text": "Too late"}
    error = await refused(desk, f"/dialogs/{thread.dialog_id}/messages", said, "dialog_closed")
    assert error["allowed"] == ["write_general", "new_dialog"]
    assert "Too late" not in anna.got()
    await press(desk, maria, refusal, "Write in general")
    await anna.gets("Too late")
    maria.says("Once more", thread)
    again = await thread.shows(
        lambda m: "is closed for good" in m.get("text", ""), after=refusal["message_id"]
    )
    await press(desk, maria, again, "New dialog")
    wizard = await thread.shows(lambda m: "New dialog with Anna" in m.get("text", ""))
    await press(desk, maria, wizard, "Next", "Next", "Support", "Open the dialog")
    await thread.shows(lambda m: "is open" in m.get("text", ""), after=again["message_id"])
    anna.says("I am back")
    await desk.until(
        lambda: [m for m in desk.messages(desk.group) if m["from_bot"] and m.get("text") == "I am back"
                 and m["message_thread_id"] not in (thread.id, None)],
        "the new dialog's topic shows it",
    )  # fmt: skip


@pytest.mark.row("L-51")
async def test_a_closed_dialog_stays_closed(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    maria.says("/close 3", thread)
    card = await thread.card_says("Status: closed")
    shown = " ".join(captions(card))
    assert not [word for word in ("Pause", "Resume", "Close", "Title", "Type") if word in shown]
    for command in ("/resume", "/pause", "/close 1", "/close"):
        last = thread.shown()[-1]["message_id"]
        maria.says(command, thread)
        await thread.shows(lambda m: "is closed for good" in m.get("text", ""), after=last)
    for move in ("pause", "resume", "close"):
        me = {"manager_telegram_id": maria.id}
        error = await refused(desk, f"/dialogs/{thread.dialog_id}/{move}", me, "dialog_closed")
        assert error["allowed"] == ["write_general", "new_dialog"]
    dialog = await thread.dialog()
    assert (dialog["state"], dialog["customer_score"]) == ("closed", 3)


@pytest.mark.row("L-52")
async def test_a_change_of_state_takes_a_second_tap(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    await press(desk, maria, thread.card, "⏸ Pause")
    await desk.until(lambda: "⏸ Yes, pause" in str(state_of(thread, desk)), "the question")
    assert (await thread.dialog())["state"] == "active"
    await press(desk, maria, thread.card, "✖ No")
    await desk.until(lambda: "Yes" not in str(state_of(thread, desk)), "the question is gone")
    assert (await thread.dialog())["state"] == "active"
    await press(desk, maria, thread.card, "⏸ Pause", "Yes, pause")
    card = await thread.card_says("Status: paused")
    assert "⏸ Pause" not in captions(card)
    await press(desk, maria, thread.card, "▶️ Resume")
    await desk.until(lambda: "Yes, resume" in str(state_of(thread, desk)), "the question")
    assert (await thread.dialog())["state"] == "paused"
    await press(desk, maria, thread.card, "Yes, resume")
    await thread.card_says("Status: active")


@pytest.mark.row("L-43")
async def test_the_wizard_is_refused_before_its_first_step(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    first = await desk.opened(anna)
    maria.says("/close 3", first)
    await first.card_says("Status: closed")
    maria.says("Anybody here?", first)
    closed = await first.shows(lambda m: "is closed for good" in m.get("text", ""))
    anna.says("The wrong colour")
    card = await maria.card("The wrong colour")
    body = {
        "customer_id": await number_of(desk, anna),
        "title": "Wrong colour",
        "manager_telegram_id": maria.id,
    }
    number = (await desk.post("/dialogs", body, 201))["id"]  # a program takes no words along
    await press(desk, maria, closed, "New dialog")
    refusal = await first.shows(lambda m: "already has an active dialog" in m.get("text", ""))
    assert captions(refusal) == [
        f"➡️ Go to #{number}",
        "⏸ Pause it",
        "✅ Close it",
        f"💬 Send it in #{number}",
    ]
    maria.says("/open", card)
    await window(desk, desk.group, "already has an active dialog", after=refusal["message_id"])
    assert not [m for m in desk.messages(desk.group) if "Step 1" in m.get("text", "")]


async def test_an_act_that_does_not_fit_the_state_is_refused_with_those_that_do(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    maria.says("/resume", thread)
    refusal = await thread.shows(lambda m: "already" in m.get("text", ""))
    number = thread.dialog_id
    said = f"Dialog #{number} “Lost parcel” is active already. You can write in it, or pause or close it."
    assert refusal["text"] == said
    assert captions(refusal) == ["⏸ Pause it", "✅ Close it"]
    me = {"manager_telegram_id": maria.id}
    error = await refused(desk, f"/dialogs/{number}/resume", me, "wrong_state")
    assert error["allowed"] == ["pause", "close"]
