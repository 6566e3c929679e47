"""A list of /assign after a colleague took the dialog first: it shows the assignee and offers nobody any more."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.store.clock import ManualClock
from tests.bot.desk_kit import Said
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, IVAN, manager


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk


async def listed(desk: Place) -> Said:
    await desk.line("/assign")
    (people,) = await desk.heard("text")
    assert people.data("assign:")
    return people


async def given(desk: Place, to: int | None) -> list[Said]:
    """By somebody else, elsewhere."""
    await desk.store.act(
        lambda tx: assign_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id, assignee_telegram_id=to)
    )
    return await desk.heard("desk_notice_edit")


@pytest.mark.parametrize("to", [IVAN, None], ids=["to a colleague", "to nobody"])
async def test_the_assign_list_shows_the_new_assignee(desk: Place, to: int | None) -> None:
    people = await listed(desk)
    (edit,) = await given(desk, to)
    assert edit.call.params["message_id"] == people.number
    number = desk.dialog.id
    assert edit.text == (f"✔ #{number}: Ivan" if to else f"✔ Nobody has #{number} now")
    assert len(edit.offered) == 1 and "assign:" not in edit.offered[0]
    assert await given(desk, ADMIN) == [], "said once"


async def test_the_list_that_was_pressed_is_not_drawn_twice(desk: Place) -> None:
    people, other = await listed(desk), await listed(desk)
    said = await desk.press(people, f"assign:{desk.dialog.id}:{IVAN}")
    assert desk.gateway.window == f"✔ #{desk.dialog.id}: Ivan"
    edits = [one.call.params["message_id"] for one in said if one.row["kind"] == "desk_notice_edit"]
    assert edits == [other.number]


async def test_an_assign_list_of_a_closed_dialog_says_that_it_is_closed(desk: Place) -> None:
    people = await listed(desk)
    closing = Closing(send_rating_form=False)
    await desk.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id, closing=closing)
    )
    (edit,) = await desk.heard("desk_notice_edit")
    assert edit.call.params["message_id"] == people.number and "has closed" in edit.text


async def test_a_line_that_assigns_the_dialog_keeps_the_assign_list(desk: Place) -> None:
    """Who answers has it; that takes nothing from whoever is choosing a colleague for it."""
    await given(desk, IVAN)
    await listed(desk)
    await desk.line("It comes tomorrow.")
    assert await desk.heard("desk_notice_edit") == []


async def test_a_reply_to_the_list_is_a_note_on_its_dialog(desk: Place) -> None:
    people = await listed(desk)
    where = await desk.where()
    await desk.says("Ivan knows the carrier", reply_to=people.number, **where)
    assert [one.text for one in await desk.heard("text")] == [
        f"📝 Noted in #{desk.dialog.id}. Only the desk sees it."
    ]
