"""The dot beside a name: from /ready and /away, otherwise from recent activity."""

import pytest

from holdline.desk.conversation.notes import add_note
from holdline.desk.dialogs.assignment import set_ready
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.people.presence import managers_there
from holdline.desk.people.staff import change_manager
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.screens.forms.assign_people import assignee_choice_screen
from tests.desk.conftest import Desk


@pytest.fixture
async def dialog(desk: Desk) -> Dialog:
    """Maria has just opened it."""
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel")
    return await desk.store.act(open_dialog, manager=desk.maria, opening=opening)


async def there(desk: Desk) -> frozenset[int]:
    return await desk.store.read(managers_there)


async def test_an_active_manager_is_available_for_a_quarter_of_an_hour(desk: Desk, dialog: Dialog) -> None:
    assert await there(desk) == {desk.maria.id}
    desk.store.clock.advance(10 * 60)
    await desk.store.act(add_note, manager=desk.ivan, dialog_id=dialog.id, text="Hm.")
    desk.store.clock.advance(10 * 60)
    assert await there(desk) == {desk.ivan.id}


async def test_ready_and_away_override_activity(desk: Desk, dialog: Dialog) -> None:
    await desk.store.act(set_ready, manager=desk.maria, ready=False)
    await desk.store.act(add_note, manager=desk.maria, dialog_id=dialog.id, text="On my way out.")
    assert await there(desk) == frozenset()
    await desk.store.act(set_ready, manager=desk.maria, ready=True)
    desk.store.clock.advance(24 * 60 * 60)
    assert await there(desk) == {desk.maria.id}


async def test_the_api_sets_readiness_too(desk: Desk, dialog: Dialog) -> None:
    away = {"ready": False}
    await desk.store.act(change_manager, acting=None, manager_id=desk.maria.id, changes=away)
    assert await there(desk) == frozenset()


async def test_a_returned_manager_is_not_away(desk: Desk, dialog: Dialog) -> None:
    await desk.store.act(set_ready, manager=desk.ivan, ready=False)
    for active in (False, True):
        changes = {"active": active}
        await desk.store.act(change_manager, acting=None, manager_id=desk.ivan.id, changes=changes)
    await desk.store.act(add_note, manager=desk.ivan, dialog_id=dialog.id, text="Back.")
    assert desk.ivan.id in await there(desk)


async def test_the_choice_of_people_shows_availability(desk: Desk, dialog: Dialog) -> None:
    window = await desk.store.read(lambda tx: assignee_choice_screen(tx, desk.maria, dialog_id=dialog.id))
    captions = [button["text"] for row in window.rows for button in row]
    assert captions[:2] == ["🟢 Maria", "⚪️ Ivan"]
