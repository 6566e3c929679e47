"""A muted customer: messages outside dialogs are stored, without a card or a notice until the mute ends."""

from datetime import timedelta

import pytest

from holdline.desk.customers.muting import mute_customer
from holdline.desk.people.time_zones import set_time_zone
from holdline.dialogs.decisions.postponing import Shift
from holdline.dialogs.message import Content
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.conversation import messages
from holdline.store.dialogs import history
from tests.bot.desk_kit import Said, Staff, to_customer
from tests.bot.lists_kit import captions_of, listed, tap
from tests.bot.staging import ANNA, GROUP, customer, manager, opened, words, wrote


async def card(staff: Staff) -> Said:
    person = await staff.store.read(customer)
    await staff.presses(f"card.dialogs:{person.id}")
    return await staff.answer()


async def mute(staff: Staff, *, shift: Shift | None = None) -> None:
    await staff.store.act(
        lambda tx: mute_customer(
            tx, manager=manager(tx), customer_id=customer(tx).id, reason="spam", shift=shift
        )
    )
    await staff.heard()


async def kinds(staff: Staff) -> list[str]:
    rows = await staff.store.read(lambda tx: history.page(tx, customer_id=customer(tx).id))
    return [row["kind"] for row in rows]


async def test_a_customer_is_muted_with_an_end_and_a_reason(staff: Staff) -> None:
    await staff.store.act(lambda tx: set_time_zone(tx, manager=manager(tx), name="Europe/Warsaw"))
    shown = await card(staff)
    await staff.presses(shown.data("card.mute"), on=shown.number)
    form = await staff.answer()
    why = await tap(staff, "4 h", under=form)
    assert "05:0" in why and "Europe/Warsaw" in why and "Write the reason here" in why
    await staff.says("Sends advertisements")
    assert "✔ Anna is muted." in staff.gateway.window
    assert "Europe/Warsaw: Sends advertisements" in staff.gateway.window
    await staff.heard()
    assert (await kinds(staff))[-2:] == ["customer_muted", "inbox_ignored"], "nothing of theirs waits"
    assert "🔇 Muted until" in (await card(staff)).text


async def test_messages_of_a_muted_customer_are_stored_and_shown_to_nobody(
    staff: Staff, clock: ManualClock
) -> None:
    await mute(staff, shift=Shift("hours", 4))
    before = await kinds(staff)
    await wrote(staff.store, words("Buy my boots", 72))
    await wrote(staff.store, Content("photo", "", chat_id=ANNA.telegram_id, tg_message_id=73))
    assert await staff.heard() == [] and await kinds(staff) == before
    assert "Nobody is waiting" in (await listed(staff, "/inbox")).text
    kept = await staff.store.read(
        lambda tx: messages.page(tx, customer_id=customer(tx).id, general_only=True)
    )
    assert "Buy my boots" in [row["text"] for row in kept]
    assert "Anna: Buy my boots" in (await card(staff)).text
    clock.advance(timedelta(hours=4).total_seconds())
    await wrote(staff.store, words("I am sorry", 74))
    assert "I am sorry" in (await staff.heard("inbox_card"))[-1].text, "the mute is over by itself"
    assert await staff.store.read(invariants.find_violations) == []


async def test_a_customer_is_unmuted_at_once(staff: Staff) -> None:
    await mute(staff)
    shown = await card(staff)
    assert "🔇 Muted: spam" in shown.text
    window = await tap(staff, "🔔 Unmute", under=shown)
    assert "Muted" not in window and staff.gateway.toast == "🔔 Anna is heard again."
    await staff.presses(shown.data("card.unmute"), on=shown.number)
    assert (await kinds(staff)).count("customer_unmuted") == 1
    await wrote(staff.store, words("Hello again", 75))
    assert await staff.heard("inbox_card")


async def test_messages_in_an_active_dialog_are_shown(staff: Staff) -> None:
    """Nobody is muted in the middle of a talk; and whoever opens a dialog with a muted customer hears them there."""
    await mute(staff)
    await opened(staff.store)
    assert any("🔇 Muted: spam" in one.text for one in await staff.heard("info_card"))
    await wrote(staff.store, words("Here I am", 76))
    assert "Here I am" in [one.text for one in await staff.heard("mirror")][-1]
    person = await staff.store.read(customer)
    shown = await card(staff)
    assert "🔔 Unmute" in captions_of(shown.call.params) and not shown.data_or_none("card.mute")
    await staff.presses(f"card.mute:{person.id}", on=shown.number)
    assert "has" in staff.gateway.toast
    await staff.says("Where is your order number?", reply_to=shown.number)
    assert to_customer(await staff.heard()) == []


@pytest.mark.parametrize("typed", ["soon", "2020-01-01 10:00", "99999999 hours", "0 days"])
async def test_an_invalid_mute_time_is_refused_with_one_sentence(staff: Staff, typed: str) -> None:
    shown = await card(staff)
    await staff.presses(shown.data("card.mute"), on=shown.number)
    await staff.answer()
    await staff.says(typed)
    assert len((await staff.answer()).text) > 10
    assert (await staff.store.read(customer)).mute is None


async def test_a_muted_customer_still_gets_what_the_desk_writes(staff: Staff) -> None:
    await mute(staff)
    shown = await card(staff)
    await staff.presses(shown.data("card.answer"), on=shown.number)
    answer = await staff.answer()
    await staff.says("Please stop", reply_to=answer.number)
    assert to_customer(await staff.heard()) == ["Please stop"]


async def test_the_inbox_card_shows_that_its_customer_is_muted(staff: Staff) -> None:
    person = await staff.store.read(customer)

    async def marked() -> str:
        edits = await staff.heard("inbox_card_markup")
        return captions_of(edits[-1].call.params)[0]

    async def do(shift: Shift | None) -> None:
        await staff.store.act(
            lambda tx: mute_customer(
                tx, manager=manager(tx), customer_id=person.id, reason="spam", shift=shift
            )
        )

    await do(Shift("hours", 4))
    assert await marked() == "🔇 Muted until 01.01 04:00"
    await do(None)
    assert await marked() == "🔇 Muted"
    await staff.presses(f"card.unmute:{person.id}")
    assert await marked() == "🚫 Ignored"


async def test_a_restored_card_still_shows_that_its_customer_is_muted(staff: Staff) -> None:
    """What they write next is shown to nobody: whoever reads the card must know."""
    await staff.store.act(
        lambda tx: mute_customer(
            tx, manager=manager(tx), customer_id=customer(tx).id, reason="spam", shift=Shift("hours", 4)
        )
    )
    muted = (await staff.heard("inbox_card_markup"))[-1]
    await staff.presses(muted.data("card.back"), on=int(muted.call.params["message_id"]), chat=GROUP)
    captions = captions_of((await staff.heard("inbox_card_markup"))[-1].call.params)
    assert captions[0] == "🔇 Muted until 01.01 04:00" and "🚫 Ignore" in captions
    await staff.presses(f"card.unmute:{(await staff.store.read(customer)).id}")
    assert "🔇" not in str(captions_of((await staff.heard("inbox_card_markup"))[-1].call.params))
