"""From a customer's card: a first dialog, an earlier one continued, all of their dialogs, and the values of one."""

import re
from typing import Any

import pytest

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.settings import sla_policies
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.sla.typed import read_policy_line
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs, lists
from tests.bot.desk_kit import Said
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import manager, opened, words, wrote


async def last_with(place: Place, verb: str) -> Said:
    return next(one for one in reversed(await place.heard()) if one.data_or_none(verb))


def spot_of(said: Said) -> dict[str, Any]:
    """The chat and the thread in which it stands."""
    return {"chat": said.call.params["chat_id"], "thread": said.call.params.get("message_thread_id")}


async def every(place: Place, state: str | None = None) -> list[Dialog]:
    found = await place.store.read(lambda tx: dialogs.page(tx, dialogs.DialogFilter()))
    return [each for each in found if state in (None, each.state)]


async def pressed_in_list(place: Place, card: Said) -> Said:
    """The list that the card's button opens."""
    (window,) = [one for one in await place.press(card, "card.dialogs") if one.row["kind"] == "text"]
    return window


@pytest.mark.row("W-02")
@pytest.mark.parametrize("mode", MODES)
async def test_the_customers_card_opens_a_first_dialog_or_continues_an_earlier_one(
    mode: str, store_url: str, clock: ManualClock
) -> None:
    async with desk_at(mode, store_url, clock) as place:
        await place.close()
        await wrote(place.store, words("Another matter", 80))
        card = await last_with(place, "card.open")
        assert card.data_or_none("card.dialogs")
        (window,) = [one for one in await place.press(card, "card.open") if one.row["kind"] == "text"]
        support = await place.store.read(lambda tx: lists.find(tx, "types", "Support"))
        assert support is not None
        for action in ("next", "next", f"type:{support['id']}", "next", "next", "create"):
            await place.presses(f"{window.form}:{action}", on=window.number, **spot_of(window))
        (active,) = await every(place, "active")
        assert active.title == "Another matter"
        await place.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=active.id))
        await place.heard()
        await wrote(place.store, words("It goes on", 81))
        card = await last_with(place, "card.open")
        assert card.data("dlg.resume") == f"dlg.resume:{active.id}"
        shown = [[{"text": "…", "data": data}] for data in card.offered]
        for verb in ("dlg.resume", "dlg.resume!"):
            await place.presses(f"{verb}:{active.id}", on=card.number, shown=shown, **spot_of(card))
        assert (await place.store.read(dialogs.by_id, active.id)).state == "active"


@pytest.mark.row("W-04")
@pytest.mark.parametrize("mode", MODES)
async def test_all_dialogs_of_a_customer_are_one_tap_from_their_card(
    mode: str, store_url: str, clock: ManualClock
) -> None:
    async with desk_at(mode, store_url, clock) as place:
        await place.close()
        for number in range(9):
            place.dialog = await opened(place.store, f"Case {number}")
            await place.close()
        await wrote(place.store, words("Me again", 90))
        window = await pressed_in_list(place, await last_with(place, "card.open"))
        found, offered = set(re.findall(r"#(\d+)", window.text)), window.offered
        while following := [data for data in offered if re.fullmatch(r"list:customer:[1-9]\d*:\d+", data)]:
            await place.presses(following[-1], on=window.number, **spot_of(window))
            found |= set(re.findall(r"#(\d+)", place.gateway.window))
            offered = place.gateway.offered
        assert found == {str(each.id) for each in await every(place)}
        assert len(found) == 10


@pytest.mark.row("W-07")
@pytest.mark.parametrize("mode", MODES)
async def test_the_card_shows_title_state_type_priority_and_service_level(
    mode: str, store_url: str, clock: ManualClock
) -> None:
    async with desk_at(mode, store_url, clock) as place:
        values = read_policy_line("Gold; close 2h; priority urgent")
        await place.store.act(lambda tx: sla_policies.add_policy(tx, manager=None, values=values))
        changes = {"priority": "urgent", "type": "Refund", "title": "Money back"}
        number = place.dialog.id
        await place.store.act(
            lambda tx: change_dialog(tx, manager=manager(tx), dialog_id=number, changes=changes)
        )
        card = next(one for one in reversed(await place.heard()) if one.row["kind"] == "info_card_edit")
        for line in ("#1 Money back", "Status: active", "Type: Refund", "Priority: urgent", "SLA: Gold"):
            assert line in card.text, (line, card.text)
