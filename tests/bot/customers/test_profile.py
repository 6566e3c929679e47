"""📋 Data and consent: a window of the customer's card, to read for all managers and to change with the permission."""

import pytest

from holdline.desk.customers.changes import change_customer
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.customer_values import read_typed_tags, read_typed_value
from holdline.dialogs.refusal import BadInput
from holdline.screens.lists.customer_card import customer_lines
from holdline.store.invariants import find_violations
from holdline.store.marketing import topics
from holdline.store.people import customers, managers
from tests.bot.desk_kit import Said, Staff
from tests.bot.lists_kit import captions_of, tap
from tests.bot.marketing.test_broadcast_form import press
from tests.bot.staging import ANNA, IVAN, customer, manager


async def profile(staff: Staff) -> Said:
    person = await staff.store.read(customer)
    await staff.presses(f"card.dialogs:{person.id}")
    shown = await staff.answer()
    await staff.presses(shown.data("card.data"), on=shown.number)
    return await staff.answer()


async def test_tags_zone_and_values_are_set_from_the_card_and_recorded_with_their_author(
    staff: Staff,
) -> None:
    window = await profile(staff)
    assert "Nothing is kept" in window.text
    for button, typed, shown in (
        ("🔖 Tags", "vip, new", "🔖 Tags: new, vip"),
        ("🕒 Time zone", "Asia/Tokyo", "🕒 Time zone: Asia/Tokyo"),
        ("📝 A value", "City: Gdynia", "• City: Gdynia"),
        ("📝 A value", "Age: 7", "• Age: 7"),
        ("🔖 Tags", "-", "🕒 Time zone: Asia/Tokyo"),
    ):
        await tap(staff, button, under=window)
        await staff.says(typed)
        assert shown in staff.gateway.window
    person = await staff.store.read(customer)
    assert (person.time_zone, person.fields) == ("Asia/Tokyo", {"Age": 7, "City": "Gdynia"})
    assert await staff.store.read(customers.tags, person.id) == []
    lines = await staff.store.read(
        lambda tx: tx.all(
            "SELECT actor_kind, data_json FROM history WHERE kind = 'customer_changed' ORDER BY id"
        )
    )
    assert {line["actor_kind"] for line in lines} == {"manager"} and len(lines) == 5


async def test_an_invalid_time_zone_is_refused_and_can_be_corrected(staff: Staff) -> None:
    window = await profile(staff)
    await tap(staff, "🕒 Time zone", under=window)
    await staff.says("Mars")
    assert (await staff.store.read(customer)).time_zone is None
    await staff.says("Europe/Warsaw")
    assert (await staff.store.read(customer)).time_zone == "Europe/Warsaw"


@pytest.mark.row("M-08")
async def test_the_card_and_the_window_show_consent_and_held_messages(staff: Staff) -> None:
    person = await staff.store.read(customer)
    order = OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Only today")
    await staff.store.act(accept_outbound, order=order)
    await staff.store.act(
        lambda tx: tx.run("UPDATE outbox SET waits_for = 'quiet_hours' WHERE stream = 'marketing'")
    )
    by = await staff.store.read(lambda tx: manager(tx).as_actor())
    changes = {"topics": {"news": False}}
    await staff.store.act(change_customer, actor=by, customer_id=person.id, changes=changes, how="card")
    card = await staff.store.read(lambda tx: customer_lines(tx, manager(tx), person.id))
    assert card[1:3] == ["🔕 Wants nothing about: news", "🌙 1 message waits for their morning"]
    window = await profile(staff)
    assert "Wants nothing about: news" in window.text and "· news · at the desk" in window.text
    await staff.store.act(change_customer, actor=by, customer_id=person.id, changes={"opt_out": True})
    assert "Wants no offers" in (await profile(staff)).text
    assert captions_of((await profile(staff)).call.params)[-1] == "✔ Done"


async def ledger(staff: Staff) -> list[tuple[str | None, int, str, str]]:
    lines = await staff.store.read(
        lambda tx: tx.all("SELECT topic, given, how, words, actor_kind FROM consents ORDER BY id")
    )
    assert {line["actor_kind"] for line in lines} <= {"manager"}
    return [(line["topic"], line["given"], line["how"], line["words"]) for line in lines]


@pytest.mark.row("M-09")
async def test_a_manager_records_the_consent_of_a_customer(staff: Staff) -> None:
    """A no at once, also for what is held; a yes with how it was given. History and the ledger name the manager."""
    await staff.store.act(topics.register, "news")
    window = await profile(staff)
    order = OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Only today")
    waiting = (await staff.store.act(accept_outbound, order=order))["id"]
    await tap(staff, "🎁 Offers", under=window)
    await press(staff, window, "choose:off-1", "choose:off-0")
    assert "Wants no offers" in staff.gateway.window
    status = await staff.store.read(lambda tx: tx.one("SELECT status FROM outbox WHERE id = :id", id=waiting))
    assert status == {"status": "cancelled"}
    await press(staff, window, "choose:on-0")
    assert "How did they agree" in staff.gateway.window
    await staff.says(" ")
    assert (await staff.store.read(customer)).opted_out_at is not None, "a yes without its circumstances"
    await staff.says("by phone on Monday")
    assert "by phone on Monday" in staff.gateway.window and "Maria" in staff.gateway.window
    assert (await staff.store.read(customer)).opted_out_at is None
    await press(staff, window, "change:offers", "choose:on-1")
    await staff.says("asked for news at the counter")
    assert await ledger(staff) == [
        ("news", 0, "card", ""),
        (None, 0, "card", ""),
        (None, 1, "card", "by phone on Monday"),
        ("news", 1, "card", "asked for news at the counter"),
    ]
    kinds = await staff.store.read(
        lambda tx: tx.all(
            """SELECT kind, actor_kind FROM history WHERE kind LIKE 'marketing_%' OR kind LIKE 'topic_%'
               ORDER BY id"""
        )
    )
    assert [(row["kind"], row["actor_kind"]) for row in kinds] == [
        ("topic_stopped", "manager"),
        ("marketing_stopped", "manager"),
        ("marketing_resumed", "manager"),
        ("topic_resumed", "manager"),
    ]
    assert await staff.store.read(find_violations) == []


async def test_a_first_consent_is_recorded_even_if_offers_were_allowed(staff: Staff) -> None:
    window = await profile(staff)
    await press(staff, window, "change:offers", "choose:on-0")
    await staff.says("signed the form")
    assert await ledger(staff) == [(None, 1, "card", "signed the form")]
    await press(staff, window, "change:offers")
    assert "choose:on-0" not in str(staff.gateway.last("editMessageText").params["reply_markup"])
    await press(staff, window, "choose:on-0")
    await staff.says("again")
    assert len(await ledger(staff)) == 1, "it holds already"


async def test_a_manager_without_the_permission_records_no_consent(staff: Staff) -> None:
    """An open window of somebody who lost the permission meanwhile."""
    ivan = await staff.store.act(managers.insert, telegram_id=IVAN, name="Ivan", role="agent")
    person = await staff.store.read(customer)
    await staff.presses(f"card.data:{person.id}", IVAN)
    window = await staff.answer()
    await staff.presses(f"{window.form}:change:offers", IVAN, on=window.number)
    await staff.store.act(managers.update, ivan.id, permissions=frozenset())
    await staff.presses(f"{window.form}:choose:off-0", IVAN, on=window.number)
    assert "dialog.update" in staff.gateway.toast
    assert await ledger(staff) == []


def test_typed_tags_and_values_are_parsed() -> None:
    assert read_typed_tags("vip, new\nold, ") == ["vip", "new", "old"]
    for typed, value in (("City: Gdynia", "Gdynia"), ("City: 7", 7), ("City: 007", "007"), ("City:", None)):
        assert read_typed_value(typed) == {"City": value}
    for wrong in ("Gdynia", ": x"):
        with pytest.raises(BadInput):
            read_typed_value(wrong)
