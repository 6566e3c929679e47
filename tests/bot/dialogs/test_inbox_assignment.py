"""An Inbox card is given to a colleague by buttons, in the group and in private desks."""

from collections.abc import AsyncIterator

import pytest

from holdline.dialogs.rules import DeskRules
from holdline.store.clock import ManualClock
from holdline.store.dialogs import inbox_items
from holdline.store.engine import Store
from holdline.store.tx import Row
from tests.bot.desk_kit import Said, Staff
from tests.bot.staging import ADMIN, GROUP, IVAN, furnished, named, words, wrote
from tests.conftest import BOT


@pytest.fixture(params=[GROUP, 0], ids=["group", "private"])
async def staff(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Staff]:
    rules = DeskRules(staff_group=request.param, admins=(ADMIN,))
    store = Store(store_url, bot_id=BOT, rules=rules, clock=clock)
    await store.start()
    await store.act(furnished)
    await store.act(lambda tx: named(tx, IVAN, "Ivan"))
    yield Staff(store)
    await store.close()


async def the_item(staff: Staff) -> Row:
    (item,) = await staff.store.read(lambda tx: inbox_items.page(tx, inbox_items.ItemFilter()))
    return item


def offering(said: list[Said], verb: str) -> Said:
    return next(one for one in said if one.data_or_none(verb))


async def press(staff: Staff, under: Said, data: str) -> list[Said]:
    shown = [[{"text": "…", "data": offered}] for offered in under.offered]
    await staff.presses(data, on=under.number, chat=under.call.params["chat_id"], shown=shown)
    return await staff.heard()


async def test_an_inbox_card_is_assigned_and_unassigned_by_buttons_and_the_colleague_notified(
    staff: Staff,
) -> None:
    await wrote(staff.store, words("Where is it?"))
    card = offering(await staff.heard(), "card.assign")
    choice = offering(await press(staff, card, card.data("card.assign")), "card.assign")
    told = await press(staff, choice, choice.data(f"card.assign:{(await the_item(staff))['id']}:{IVAN}"))
    item = await the_item(staff)
    assert (item["assignee_name"], item["state"]) == ("Ivan", "new")
    notice = offering([one for one in told if one.call.params["chat_id"] == IVAN], "card.answer")
    assert "Where is it?" in notice.text
    assert "Ivan has the Inbox card" in staff.gateway.window
    await staff.says("/inbox")
    assert "👤 Ivan" in (await staff.answer()).text
    again = offering(await press(staff, card, card.data("card.assign")), "card.assign")
    await press(staff, again, again.data(f"card.assign:{item['id']}:0"))
    assert (await the_item(staff))["assignee_name"] is None
