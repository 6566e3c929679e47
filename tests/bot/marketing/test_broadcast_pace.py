"""A broadcast that may pay Stars, composed in Telegram and followed on its card."""

from dataclasses import replace

import pytest

from holdline.desk.broadcasts.cards import redraw_live_cards
from holdline.dialogs.broadcasts.stars import StarsBudget
from holdline.store.broadcasts import budgets
from holdline.store.clock import ManualClock
from tests.bot.desk_kit import Staff
from tests.bot.marketing.test_broadcast_form import composed, press, staff

__all__ = ["staff"]


async def test_without_permission_in_the_configuration_paying_is_not_offered(staff: Staff) -> None:
    _, form = await composed(staff, text="Sale!")
    assert f"{form.form}:pace" not in form.offered and "⚡" not in form.text


@pytest.mark.row("M-05")
async def test_a_budget_is_chosen_or_typed_and_the_card_shows_the_spent_stars(
    staff: Staff, clock: ManualClock
) -> None:
    staff.store.rules = replace(staff.store.rules, per_second=30, paid_per_second=500)
    _, form = await composed(staff, text="Sale!")
    assert "⚡ Telegram’s free pace" in form.text
    window = await press(staff, form, "pace")
    assert "up to 500 a second" in window and "To all 1 people that is at most 0.1 Stars" in window
    assert "up to 10 Stars" in await press(staff, form, "stars:10")
    assert "free pace" in await press(staff, form, "pace", "stars:0")
    await press(staff, form, "pace")
    for wrong in ("many", "0", "1.5", "1000001"):
        await staff.says(wrong)
        assert "whole number of Stars" in (await staff.answer()).text
    await staff.says("25")
    assert "up to 25 Stars" in staff.gateway.window
    await press(staff, form, "start", "start!")
    (card,) = await staff.heard("desk_notice")
    assert "⚡ Paid pace: 0 of 25 Stars" in card.text
    store = staff.store
    assert await store.read(budgets.of_broadcast, 1) == StarsBudget(250)
    await store.act(budgets.spend, 1, 123)
    said = []
    for reason in ("spent", "Bad Request: BALANCE_TOO_LOW"):
        await store.act(
            lambda tx, why=reason: tx.run("UPDATE broadcast_budgets SET stopped_reason = :why", why=why)
        )
        await store.act(redraw_live_cards)
        said.append((await staff.heard("desk_notice_edit"))[-1].text)
        clock.advance(5)
    assert "⚡ The budget is spent (12.3 of 25 Stars): it goes on at the free pace" in said[0]
    assert "⚡ Telegram accepts no payment (Bad Request: BALANCE_TOO_LOW)" in said[1]
    await store.act(lambda tx: tx.run("UPDATE broadcast_budgets SET stopped_reason = NULL"))
    store.rules = replace(store.rules, paid_per_second=0)
    await store.act(redraw_live_cards)
    assert "switched off in the configuration" in (await staff.heard("desk_notice_edit"))[-1].text
