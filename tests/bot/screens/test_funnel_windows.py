"""`/funnels` in Telegram: the list, one funnel, its numbers, who is on the way, a customer's funnels."""

import pytest

from holdline.desk.funnels.definitions import add_funnel, change_funnel
from holdline.desk.funnels.enrolments import enrol
from holdline.dialogs.funnels.enrolment import RefusedStep
from holdline.dialogs.rights import Act
from holdline.scheduler.made_files import attach_file
from holdline.screens.lists.customer_card import customer_lines
from holdline.store.engine import Store
from holdline.store.funnels import enrolment_steps, enrolments, funnels
from holdline.store.people import managers
from tests.bot.desk_kit import Staff
from tests.bot.staging import words, wrote

WELCOME = {"name": "Welcome", "steps": [{"send": {"text": "Hello there"}}, {"wait": "3d"}, {"goal": "read"}]}


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words("Where is my order?"))
    desk = Staff(group_desk)
    await desk.heard()
    return desk


async def test_without_funnels_the_window_explains_how_to_make_one(staff: Staff) -> None:
    await staff.says("/funnels")
    (said,) = await staff.heard("text")
    assert "holdline funnel load" in said.text


async def test_a_funnel_is_looked_at_paused_and_resumed(staff: Staff) -> None:
    funnel = await staff.store.act(add_funnel, written=WELCOME)
    await staff.says("/funnels")
    (said,) = await staff.heard("text")
    assert "Welcome · on the way 0 · finished 0 · left 0" in said.text
    await staff.presses(said.data(f"funnel.show:{funnel.id}"), on=said.number)
    assert "Version 1" in staff.gateway.window
    await staff.presses(f"funnel.numbers:{funnel.id}", on=said.number)
    assert "Nobody has come through this version yet." in staff.gateway.window
    await staff.presses(f"funnel.people:{funnel.id}:0", on=said.number)
    assert "Nobody is on the way now." in staff.gateway.window
    await staff.presses(f"funnel.picture:{funnel.id}", on=said.number)
    (picture,) = await staff.heard("funnel_picture")
    name, drawn = (await attach_file(staff.store, picture.call)).files["photo"]
    assert (picture.text, name, drawn[:4]) == ("Welcome", "funnel.png", b"\x89PNG")
    await staff.presses(f"funnel.switch:{funnel.id}:0", on=said.number)
    assert staff.gateway.toast == "The funnel is paused."
    assert not (await staff.store.read(lambda tx: funnels.load(tx, funnel.id))).active
    await staff.presses(f"funnel.switch:{funnel.id}:1", on=said.number)
    assert (await staff.store.read(lambda tx: funnels.load(tx, funnel.id))).active


async def test_a_customer_is_enrolled_and_removed_from_their_card(staff: Staff) -> None:
    funnel = await staff.store.act(add_funnel, written=WELCOME)
    customer = await staff.store.read(lambda tx: tx.one("SELECT id FROM customers"))
    assert customer is not None
    await staff.presses(f"funnel.of:{customer['id']}")
    (said,) = await staff.heard("text")
    await staff.presses(said.data(f"funnel.enrol:{customer['id']}:{funnel.id}"), on=said.number)
    (running,) = await staff.store.read(lambda tx: enrolments.list_running(tx, customer["id"]))
    assert running.entry == "manager"
    await staff.presses(f"funnel.people:{funnel.id}:0", on=said.number)
    assert "Anna · 💬 Hello there · their message waits to be sent" in staff.gateway.window
    assert f"funnel.of:{customer['id']}" in staff.gateway.offered
    await staff.presses(f"funnel.switch:{funnel.id}:0", on=said.number)
    await staff.presses(f"funnel.people:{funnel.id}:0", on=said.number)
    assert "Anna · 💬 Hello there · waits until the funnel is resumed" in staff.gateway.window
    await staff.presses(f"funnel.switch:{funnel.id}:1", on=said.number)
    assert "🧭 In funnels: Welcome" in await card_of(staff, customer["id"])
    await staff.presses(f"funnel.leave:{running.id}", on=said.number)
    assert await staff.store.read(lambda tx: enrolments.list_running(tx, customer["id"])) == []
    assert "Before:\n↩️ Welcome · " in staff.gateway.window
    assert "In funnels" not in await card_of(staff, customer["id"])


async def card_of(staff: Staff, customer_id: int) -> str:
    return await staff.store.read(
        lambda tx: "\n".join(customer_lines(tx, managers.list_permitted(tx, Act.RUN_FUNNELS)[0], customer_id))
    )


async def test_a_refused_step_is_shown_until_the_funnel_is_resumed(staff: Staff) -> None:
    funnel = await staff.store.act(add_funnel, written=WELCOME)
    refused = RefusedStep(1, "0", "Bad Request: wrong file identifier/HTTP URL specified")
    await staff.store.act(funnels.pause_refused, funnel.id, refused)
    await staff.presses(f"funnel.show:{funnel.id}")
    assert "Telegram has refused the message “Hello there” three times." in staff.gateway.window
    await staff.presses(f"funnel.switch:{funnel.id}:1")
    assert "refused" not in staff.gateway.window


async def test_a_customers_position_in_a_funnel_is_on_their_card_too(staff: Staff) -> None:
    funnel = await staff.store.act(add_funnel, written=WELCOME)
    customer = await staff.store.read(lambda tx: tx.one("SELECT id FROM customers"))
    assert customer is not None
    await staff.presses(f"funnel.of:{customer['id']}")
    (said,) = await staff.heard("text")
    await staff.presses(said.data(f"funnel.enrol:{customer['id']}:{funnel.id}"), on=said.number)
    assert "Welcome · 💬 Hello there" in staff.gateway.window


async def test_the_numbers_of_an_older_version_are_reached_by_a_tap(staff: Staff) -> None:
    funnel = await staff.store.act(add_funnel, written=WELCOME)
    customer = await staff.store.read(lambda tx: tx.one("SELECT telegram_id FROM customers"))
    assert customer is not None
    way = await staff.store.act(enrol, funnel_id=funnel.id, telegram_id=customer["telegram_id"])
    sent = {"version_id": way.version_id, "enrolment_id": way.id, "kind": "sent", "address": "0"}
    await staff.store.act(enrolment_steps.add, **sent)
    better = {**WELCOME, "steps": [{"send": {"text": "Hello, there"}}]}
    await staff.store.act(change_funnel, funnel_id=funnel.id, written=better)
    await staff.presses(f"funnel.numbers:{funnel.id}")
    assert "version 2" in staff.gateway.window and "Nobody has come through" in staff.gateway.window
    await staff.presses(f"funnel.numbers:{funnel.id}:1")
    assert "version 1" in staff.gateway.window and "💬 sent: Hello there — 1" in staff.gateway.window
    assert staff.gateway.offered == [f"funnel.numbers:{funnel.id}:2", f"funnel.show:{funnel.id}"]
    await staff.presses(f"funnel.numbers:{funnel.id}:3")
    assert "version 3" in staff.gateway.toast


async def test_an_entry_shared_by_two_funnels_is_reported(staff: Staff) -> None:
    entry = {"start": "promo", "tag": "vip"}
    first = await staff.store.act(add_funnel, written={**WELCOME, "entry": entry})
    await staff.presses(f"funnel.show:{first.id}")
    assert "🚪 ∕start promo" in staff.gateway.window and "⚠️" not in staff.gateway.window
    await staff.store.act(add_funnel, written={**WELCOME, "name": "Copy", "entry": entry})
    await staff.presses(f"funnel.show:{first.id}")
    assert "The start link “promo” leads into “Copy”, too" in staff.gateway.window
    assert "The tag “vip” leads into “Copy”, too" in staff.gateway.window


async def test_a_funnel_is_deleted_after_a_question(staff: Staff) -> None:
    funnel = await staff.store.act(add_funnel, written=WELCOME)
    await staff.presses(f"funnel.delete:{funnel.id}")
    assert "Delete this funnel?" in staff.gateway.window
    assert staff.gateway.offered == [f"funnel.delete:{funnel.id}:1", f"funnel.show:{funnel.id}"]
    await staff.presses(f"funnel.delete:{funnel.id}:1")
    assert staff.gateway.toast == "The funnel is deleted."
    assert "There is no funnel yet." in staff.gateway.window
