"""Opening a dialog step by step, as a manager does it: what is proposed, chosen and required, and the result."""

import pytest

from tests.journeys.hands import number_of, press, refused, says_the_window, window
from tests.journeys.world import Message, Person, World, captions

CREATE = "Open the dialog"


async def wizard_for(world: World, manager: Person, words: str) -> Message:
    """➕ under the card with those words, and the window that it opens."""
    card = await manager.card(words)
    before = card["message_id"]
    await press(world, manager, card, "➕ Dialog")
    return await window(world, card["chat"]["id"], "New dialog with", after=before)


async def refusals(world: World, permission: str, count: int) -> None:
    """So many presses were refused by the name of that permission."""

    def said() -> bool:
        calls = [call["params"] for call in world.box.calls if call["method"] == "answerCallbackQuery"]
        return sum(f"({permission})" in answer.get("text", "") for answer in calls) == count

    await world.until(said, f"{count} refusals that name {permission}")


async def add_to(world: World, kind: str, *names: str) -> None:
    for name in names:
        await world.post(f"/lists/{kind}", {"name": name}, 201)


@pytest.mark.row("L-04")
@pytest.mark.row("L-05")
@pytest.mark.row("L-11")
@pytest.mark.row("L-22")
async def test_the_wizard_leads_from_the_card_to_the_dialog(place: World) -> None:
    """The first line of the customer's words is the title, the topic's name, and what the answer leads to."""
    anna, maria = place.customer(), place.manager()
    anna.says("Where is my parcel?\nIt is late.")
    wizard = await wizard_for(place, maria, "Where is my parcel?")
    assert "✏️ Title: Where is my parcel?" in wizard["text"] and "It is late" not in wizard["text"]
    await press(place, maria, wizard, "Next", "Next", "Refund")
    await says_the_window(place, wizard, "Is everything right?", "🏷 Type: Refund")
    await press(place, maria, wizard, CREATE)
    thread = await maria.thread("Where is my parcel?")
    dialog = await thread.dialog()
    assert (dialog["title"], dialog["type"]) == ("Where is my parcel?", "Refund")
    answer = await window(place, thread.chat, "“Where is my parcel?” is open", after=wizard["message_id"])
    [[way]] = answer["reply_markup"]["inline_keyboard"]
    assert way["text"] == f"➡️ Go to #{dialog['id']}"
    if place.group:
        assert way["url"] == f"https://t.me/c/{str(place.group)[4:]}/{thread.id}"
    if thread.id:
        name = place.box.world.chats[thread.chat].topics[thread.id].name
        assert name == "▶️ Where is my parcel?"


@pytest.mark.row("L-04")
@pytest.mark.row("L-05")
async def test_a_title_can_be_typed_with_the_command_or_in_the_wizard(desk: World) -> None:
    anna, boris, maria = desk.customer(), desk.customer(510000002, "Boris"), desk.manager()
    anna.says("Hello")
    maria.says("/open Lost parcel", await maria.card("Hello"))
    assert (await (await maria.thread("Lost parcel")).dialog())["title"] == "Lost parcel"
    boris.says("Good evening")
    card = await maria.card("Good evening")
    maria.says("/open", card)
    wizard = await window(desk, desk.group, "New dialog with Boris")
    assert "✏️ Title: Good evening" in wizard["text"]
    inbox = {"chat": card["chat"], "message_thread_id": card["message_thread_id"]}
    maria.says("Invoice   is wrong", {**inbox, "message_id": wizard["message_id"]})
    await says_the_window(desk, wizard, "Who works on it?")
    await press(desk, maria, wizard, "Back")
    await says_the_window(desk, wizard, "✏️ Title: Invoice is wrong")


@pytest.mark.row("L-04")
async def test_a_new_dialog_is_opened_from_the_customers_list_of_dialogs(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    first = await place.opened(anna)
    maria.says(f"/close #{first.dialog_id} 3", first)
    await first.card_says("Status: closed")
    await press(place, maria, first.card, "All dialogs of this customer")
    listed = await window(place, first.chat, "🎫 Dialogs of Anna")
    await press(place, maria, listed, "➕ New dialog")
    wizard = await window(place, first.chat, "New dialog with Anna")
    maria.says("Wrong invoice", first if first.id else None)
    await says_the_window(place, wizard, "Who works on it?")
    await press(place, maria, wizard, "Next", "Support", CREATE)
    second = await maria.thread("Wrong invoice")
    assert second.dialog_id != first.dialog_id
    assert (await second.dialog())["state"] == "active"


@pytest.mark.row("L-06")
@pytest.mark.row("L-07")
async def test_the_creator_is_selected_and_others_can_be_added(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    await place.post("/managers", {"telegram_id": 400000079, "name": "Olga", "role": "agent"}, 201)
    anna.says("Help me")
    wizard = await wizard_for(place, maria, "Help me")
    await press(place, maria, wizard, "Next")
    shown = await says_the_window(place, wizard, "You are in anyway")
    assert set(captions(shown)[:3]) == {"✅ Maria", "Ivan", "Olga"}
    await press(place, maria, wizard, "✅ Maria", "Ivan", "Olga", "✅ Ivan", "Ivan", "Next")
    await press(place, maria, wizard, "Support", CREATE)
    thread = await maria.thread("Help me")
    await thread.card_says("Participants: Maria, Ivan, Olga")
    assert [p["name"] for p in (await thread.dialog())["participants"]] == ["Maria", "Ivan", "Olga"]


@pytest.mark.row("L-06")
@pytest.mark.row("L-30")
async def test_the_creator_takes_part_and_the_dialog_is_active_at_once_over_the_api_too(desk: World) -> None:
    anna = desk.customer()
    anna.says("Hi")
    body = {"customer_id": await number_of(desk, anna), "title": "By a program", "type": "Support"}
    made = await desk.post("/dialogs", body | {"manager_telegram_id": 400000078}, 201)
    assert [p["name"] for p in made["participants"]] == ["Ivan"]
    assert made["state"] == "active"
    thread = await desk.manager().thread("By a program")
    await thread.card_says("Status: active")


@pytest.mark.row("L-16")
@pytest.mark.row("L-19")
async def test_reasons_and_components_start_empty_and_allow_several(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    anna.says("It broke")
    wizard = await wizard_for(desk, maria, "It broke")
    await press(desk, maria, wizard, "Next", "Next", "Support")
    await says_the_window(desk, wizard, "Is everything right?", "No reasons yet.", "No components yet.")
    await press(desk, maria, wizard, "➕ Add reasons")
    await window(desk, desk.group, "❓ Reasons", after=wizard["message_id"])
    await add_to(desk, "reasons", "Late", "Broken", "Rude")
    await add_to(desk, "components", "Courier", "Box")
    await press(desk, maria, wizard, "Back", "Back")
    shown = await says_the_window(desk, wizard, "Why did the customer write?")
    assert captions(shown)[:3] == ["Late", "Broken", "Rude"]
    await press(desk, maria, wizard, "Late", "Rude", "Next", "Courier", "Box", "Next")
    await says_the_window(desk, wizard, "❓ Reasons: Late, Rude", "🧩 Components: Courier, Box")
    await press(desk, maria, wizard, CREATE)
    thread = await maria.thread("It broke")
    assert "Reasons: Late, Rude" in thread.card["text"]
    assert "Components: Box, Courier" in thread.card["text"]


@pytest.mark.row("L-17")
@pytest.mark.row("L-19")
async def test_a_manager_who_may_not_edit_lists_may_still_choose_from_them(desk: World) -> None:
    anna, ivan = desk.customer(), desk.manager(400000078, "Ivan")
    await add_to(desk, "reasons", "Late")
    await add_to(desk, "components", "Courier")
    ivan.says("/settings")
    menu = await ivan.gets(lambda m: "What do you want to change?" in m.get("text", ""))
    await press(desk, ivan, menu, "Reasons", "Components")
    await refusals(desk, "dialog_settings.edit", 2)
    anna.says("Late again")
    wizard = await wizard_for(desk, ivan, "Late again")
    await press(desk, ivan, wizard, "Next", "Next", "Support", "Late", "Next", "Courier", "Next", CREATE)
    thread = await ivan.thread("Late again")
    assert "Reasons: Late" in thread.card["text"] and "Components: Courier" in thread.card["text"]


@pytest.mark.row("L-18")
@pytest.mark.row("L-20")
async def test_reasons_and_components_can_be_skipped_and_filled_in_later(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    await add_to(desk, "reasons", "Late", "Broken")
    await add_to(desk, "components", "Courier")
    anna.says("It broke")
    wizard = await wizard_for(desk, maria, "It broke")
    await press(desk, maria, wizard, "Next", "Next", "Support", "Skip", "Skip", CREATE)
    thread = await maria.thread("It broke")
    assert "Reasons:" not in thread.card["text"] and "Components:" not in thread.card["text"]
    await press(desk, maria, thread.card, "Reasons")
    form = await thread.shows(lambda m: "Which reasons fit?" in m.get("text", ""))
    await press(desk, maria, form, "Late", "Broken", "Back", "Components", "Courier", "Back", "💾 Save")
    await thread.card_says("Reasons: Broken, Late")
    await thread.card_says("Components: Courier")


@pytest.mark.row("L-16")
async def test_a_manager_who_may_not_edit_an_empty_list_sees_whom_to_ask(desk: World) -> None:
    anna, ivan = desk.customer(), desk.manager(400000078, "Ivan")
    anna.says("It broke")
    wizard = await wizard_for(desk, ivan, "It broke")
    await press(desk, ivan, wizard, "Next", "Next", "Support")
    shown = await says_the_window(desk, wizard, "There are no reasons yet – ask an admin.")
    assert not [caption for caption in captions(shown) if caption.startswith("➕ Add")]


@pytest.mark.row("L-04")
@pytest.mark.row("L-11")
async def test_one_tap_opens_a_dialog_with_the_proposed_title_and_default_type(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    anna.sends("photo")
    anna.says("It broke")
    card = await place.until(
        lambda: next(
            (m for m in place.messages(place.group or maria.id) if "➕ Dialog" in captions(m)), None
        ),
        "a card",
    )
    await press(place, maria, card, "➕ Dialog")
    wizard = await window(place, card["chat"]["id"], "New dialog with", after=card["message_id"])
    await press(place, maria, wizard, "▶️ Open now")
    dialog = await (await maria.thread("It broke")).dialog()
    assert (dialog["title"], dialog["type"], dialog["state"]) == ("It broke", "Support", "active")


@pytest.mark.row("L-21")
async def test_the_wizard_requires_a_title_and_a_type(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    anna.sends("photo")
    card = await desk.until(
        lambda: next((m for m in desk.messages(desk.group) if "➕ Dialog" in captions(m)), None), "a card"
    )
    await press(desk, maria, card, "➕ Dialog")
    wizard = await window(desk, desk.group, "New dialog with Anna")
    assert "✏️ Title: —" in wizard["text"] and captions(wizard) == ["✖ Cancel"]
    inbox = {"chat": card["chat"], "message_thread_id": card["message_thread_id"]}
    maria.says("A picture", {**inbox, "message_id": wizard["message_id"]})
    await says_the_window(desk, wizard, "Who works on it?")
    await press(desk, maria, wizard, "Next")
    shown = await says_the_window(desk, wizard, "What kind of request is it?")
    assert captions(shown) == ["Support", "Refund", "◀ Back", "✖ Cancel"]
    await press(desk, maria, wizard, "Refund", CREATE)
    assert (await (await maria.thread("A picture")).dialog())["type"] == "Refund"


@pytest.mark.row("L-21")
async def test_the_api_requires_the_title_and_the_manager_too(desk: World) -> None:
    anna = desk.customer()
    anna.says("Hi")
    whole = {"customer_id": await number_of(desk, anna), "title": "T", "manager_telegram_id": 400000077}
    for missing in whole:
        body = {name: value for name, value in whole.items() if name != missing}
        assert missing in str(await refused(desk, "/dialogs", body, "bad_input", 400))
    await refused(desk, "/dialogs", whole | {"title": "  "}, "bad_input", 400)
    await refused(desk, "/dialogs", whole | {"type": "Nonsense"}, "bad_input", 400)
    assert (await desk.get("/dialogs"))["items"] == []
