"""An ignored card is restored: by one tap, or by a new message of the customer."""

import pytest

from holdline.store.engine import Store
from tests.bot.desk_kit import Staff
from tests.bot.earlier_kit import items
from tests.bot.staging import GROUP, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words("Buy my shoes", 71))
    return Staff(group_desk)


async def test_one_tap_on_the_card_restores_an_ignored_item(staff: Staff) -> None:
    [card] = await staff.heard("inbox_card")
    await staff.presses(card.data("card.ignore"), on=card.number, chat=GROUP)
    [redrawn] = await staff.heard("inbox_card_markup")
    assert await items(staff.store) == ["ignored"]
    await staff.presses(redrawn.data("card.back"), on=card.number, chat=GROUP)
    assert staff.gateway.toast == "↩️ It waits in the Inbox again."
    assert await items(staff.store) == ["new"]
    [again] = await staff.heard("inbox_card_markup")
    verbs = [data.partition(":")[0] for data in again.offered]
    assert verbs == ["card.open", "card.ignore", "card.assign", "card.dialogs"]


async def test_one_tap_in_the_list_restores_an_ignored_item(staff: Staff) -> None:
    await staff.heard()
    await staff.says("/inbox")
    listed = await staff.answer()
    await staff.presses(listed.data("card.ignore"), on=listed.number)
    assert "Nobody is waiting" in staff.gateway.window
    back = next(data for data in staff.gateway.offered if data.startswith("card.back"))
    await staff.presses(back, on=listed.number)
    assert "Buy my shoes" in staff.gateway.window


async def test_a_new_message_brings_the_item_back_under_its_number(staff: Staff) -> None:
    [card] = await staff.heard("inbox_card")
    await staff.presses(card.data("card.ignore"), on=card.number, chat=GROUP)
    await staff.heard()
    await wrote(staff.store, words("Sorry, where is my order?", 72))
    assert await items(staff.store) == ["new"]
    said = await staff.heard()
    [redrawn] = [one for one in said if one.row["kind"] == "inbox_card_markup"]
    assert redrawn.data("card.open")
    [shown] = [one for one in said if one.row["kind"] == "inbox_card"]
    assert shown.call.params["reply_parameters"]["message_id"] == card.number


async def test_an_item_stays_ignored_while_a_dialog_is_active(staff: Staff) -> None:
    [card] = await staff.heard("inbox_card")
    await staff.presses(card.data("card.ignore"), on=card.number, chat=GROUP)
    dialog = await opened(staff.store)
    await staff.heard()
    number = card.data("card.ignore").rpartition(":")[2]
    await staff.presses(f"card.back:{number}", on=card.number, chat=GROUP)
    assert f"#{dialog.id}" in staff.gateway.toast
    assert await items(staff.store) == ["ignored"]
