"""Settings: a permission that is granted by name, and refused by name."""

import pytest

from tests.journeys.hands import now, press, says_the_window, toast
from tests.journeys.world import IVAN, Message, Person, World, captions

RIGHT = "dialog_settings.edit"


async def settings_of(person: Person) -> Message:
    last = person.world.messages(person.id)[-1]["message_id"]
    person.says("/settings")
    return await person.gets(lambda m: "⚙️ Settings" in m.get("text", ""), after=last)


@pytest.mark.row("L-70")
@pytest.mark.row("L-14")
async def test_the_right_to_edit_dialog_settings_is_granted_and_withdrawn_by_name(desk: World) -> None:
    maria, ivan = desk.manager(), desk.manager(IVAN, "Ivan")
    his = await settings_of(ivan)
    await press(desk, ivan, his, "🏷 Types")
    assert RIGHT in await toast(desk, "Your role may not")
    hers = await settings_of(maria)
    await press(desk, maria, hers, "🔑 Roles", "Agent", f"▫️ {RIGHT}")
    await desk.until(lambda: f"✅ {RIGHT}" in captions(now(desk, hers)), "it is granted")
    await press(desk, ivan, his, "🏷 Types")
    await says_the_window(desk, his, "Write a name here")
    ivan.says("Complaint")
    await desk.until_asked("/lists/types", lambda found: "Complaint" in str(found), "the new type")
    await press(desk, maria, hers, f"✅ {RIGHT}")
    await desk.until(lambda: f"▫️ {RIGHT}" in captions(now(desk, hers)), "it is withdrawn")
    last = desk.messages(ivan.id)[-1]["message_id"]
    ivan.says("Praise")
    refusal = await ivan.gets(lambda m: "Your role may not" in m.get("text", ""), after=last)
    assert RIGHT in refusal["text"]
    assert "Praise" not in str(await desk.get("/lists/types"))


@pytest.mark.row("L-70")
async def test_only_a_manager_who_may_edit_people_edits_roles(desk: World) -> None:
    ivan = desk.manager(IVAN, "Ivan")
    his = await settings_of(ivan)
    await press(desk, ivan, his, "🔑 Roles")
    assert "managers.edit" in await toast(desk, "Your role may not")
    assert "⚙️ Settings" in now(desk, his)["text"]


async def test_a_tap_gives_a_manager_another_role(desk: World) -> None:
    maria, ivan = desk.manager(), desk.manager(IVAN, "Ivan")
    hers = await settings_of(maria)
    await press(desk, maria, hers, "👥 People", "Ivan · Agent")
    await says_the_window(desk, hers, f"Telegram id {IVAN} · Agent")
    await press(desk, maria, hers, "Admin")
    await says_the_window(desk, hers, f"Telegram id {IVAN} · Admin")
    his = await settings_of(ivan)
    await press(desk, ivan, his, "🏷 Types")
    await says_the_window(desk, his, "Write a name here")
