"""Types of requests: there after install, edited by those who may, and never lost to the dialogs that have one."""

import csv
import io

import pytest

from holdline.desk.people.keys import create_key
from tests.journeys.dialogs.test_wizard import CREATE, wizard_for
from tests.journeys.hands import number_of, press, refused, says_the_window, toast, window
from tests.journeys.world import IVAN, Message, Person, World, captions

ASKED = "What do you want to change?"


async def settings(manager: Person) -> Message:
    manager.says("/settings")
    return await manager.gets(lambda m: ASKED in m.get("text", ""))


async def types_offered(world: World, customer: Person, words: str) -> tuple[Message, list[str]]:
    """The wizard at its type step, and what may be chosen there."""
    customer.says(words)
    wizard = await wizard_for(world, world.manager(), words)
    await press(world, world.manager(), wizard, "Next", "Next")
    shown = await says_the_window(world, wizard, "What kind of request is it?")
    return wizard, [one for one in captions(shown) if one not in ("◀ Back", "✖ Cancel", "▶ Next")]


@pytest.mark.row("L-11")
@pytest.mark.row("L-12")
@pytest.mark.row("L-13")
async def test_types_start_with_support_and_refund_and_can_be_changed(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    wizard, offered = await types_offered(place, anna, "First question")
    assert offered == ["Support", "Refund"]
    await press(place, maria, wizard, "✖ Cancel")
    menu = await settings(maria)
    await press(place, maria, menu, "🏷 Types")
    shown = await says_the_window(place, menu, "Write a name here to add it.")
    assert captions(shown)[:2] == ["🗑 Support", "🗑 Refund"]
    maria.says("Complaint")
    await place.until_asked("/lists/types", lambda found: "Complaint" in str(found), "the new type")
    await press(place, maria, menu, "🗑 Support")
    await says_the_window(place, menu, "Delete “Support”? Dialogs that carry it keep it.")
    await press(place, maria, menu, "🗑 Delete", "🗑 Refund", "🗑 Delete")
    await place.until_asked(
        "/lists/types", lambda found: [v["name"] for v in found["items"]] == ["Complaint"], "one type"
    )
    boris = place.customer(510000002, "Boris")
    wizard, offered = await types_offered(place, boris, "Second question")
    assert offered == ["Complaint"]
    await press(place, maria, wizard, "Complaint", CREATE)
    assert "Type: Complaint" in (await maria.thread("Second question")).card["text"]


@pytest.mark.row("L-13")
async def test_a_command_without_a_type_works_when_the_default_one_is_gone(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    support, _ = (await desk.get("/lists/types"))["items"]
    answer = await desk.api.delete(f"/lists/types/{support['id']}")
    assert answer.status_code in (200, 204), answer.text
    anna.says("Hello")
    maria.says("/open Lost parcel", await maria.card("Hello"))
    thread = await maria.thread("Lost parcel")
    assert "Type: Refund" in thread.card["text"]


@pytest.mark.row("L-14")
async def test_without_the_permission_every_way_is_refused_and_names_it(desk: World) -> None:
    maria, ivan = desk.manager(), desk.manager(IVAN, "Ivan")
    menu = await settings(ivan)
    await press(desk, ivan, menu, "🏷 Types")
    await toast(desk, "Your role may not change lists (dialog_settings.edit).")
    key = await desk.store.act(create_key, name="desk only", scopes=("send", "read", "desk"))
    answer = await desk.api.post(
        "/lists/types", json={"name": "Complaint"}, headers={"Authorization": f"Bearer {key}"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
    assert ASKED in ivan_sees(desk, menu)["text"]
    roles = await settings(maria)
    await press(desk, maria, roles, "🔑 Roles", "Agent", "▫️ dialog_settings.edit")
    await says_the_window(desk, roles, "Agent")
    await desk.until(
        lambda: "✅ dialog_settings.edit" in captions(ivan_sees(desk, roles)), "the right is granted"
    )
    await press(desk, ivan, menu, "🏷 Types")
    await says_the_window(desk, menu, "Write a name here to add it.")
    ivan.says("Complaint")
    await desk.until_asked("/lists/types", lambda found: "Complaint" in str(found), "the new type")


def ivan_sees(world: World, message: Message) -> Message:
    chat = world.messages(message["chat"]["id"])
    return next(m for m in chat if m["message_id"] == message["message_id"])


@pytest.mark.row("L-15")
async def test_a_deleted_type_stays_on_its_dialogs_and_is_no_longer_offered(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    wizard, _ = await types_offered(desk, anna, "Money back")
    await press(desk, maria, wizard, "Refund", CREATE)
    thread = await maria.thread("Money back")
    menu = await settings(maria)
    await press(desk, maria, menu, "🏷 Types", "🗑 Refund", "🗑 Delete")
    await desk.until_asked("/lists/types", lambda found: "Refund" not in str(found), "it is gone")
    maria.says("/pause", thread)
    assert "Type: Refund" in (await thread.card_says("Status: paused"))["text"]
    await press(desk, maria, thread.card, "✏️ Title")
    form = await thread.shows(lambda m: "new title" in m.get("text", ""))
    maria.says("Money is back", thread)
    await press(desk, maria, form, "💾 Save")
    assert "Type: Refund" in (await thread.card_says("Money is back"))["text"]
    await press(desk, maria, thread.card, "🏷 Type")
    picker = await window(desk, desk.group, "Which type is it?")
    assert [one for one in captions(picker) if "Refund" in one] == []
    _, offered = await types_offered(desk, desk.customer(510000002, "Boris"), "Another")
    assert offered == ["Support"]
    report = (await desk.api.get("/reports/dialogs.csv")).text
    assert [row["type"] for row in csv.DictReader(io.StringIO(report))] == ["Refund"]
    body = {"customer_id": await number_of(desk, anna), "title": "T", "type": "Refund"}
    await refused(desk, "/dialogs", body | {"manager_telegram_id": maria.id}, "bad_input", 400)
