"""A dialog whose customer belongs to the desk: the manager who opens or resumes it is warned."""

import pytest

from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.desk.people.managers import get_acting_manager
from holdline.desk.people.staff import add_manager, change_manager
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.manager import Manager
from holdline.dialogs.rules import DeskRules
from holdline.store.tx import Row, Tx
from tests.desk.conftest import Desk

OWNER = 111


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(admins=(OWNER,))


@pytest.fixture
async def owner(desk: Desk) -> Manager:
    return await desk.store.act(get_acting_manager, OWNER)


@pytest.mark.parametrize("move", ["opened", "resumed"])
async def test_a_dialog_with_a_member_of_the_desk_warns_at_once(
    desk: Desk, owner: Manager, move: str
) -> None:
    """What they write to the bot does not come into it, while marketing and colleagues wait for it."""
    telegram_id = desk.anna.telegram_id
    opening = Opening(desk.anna.id, "Lost parcel")
    if move == "resumed":
        dialog = await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
        await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    await desk.store.act(add_manager, acting=owner, telegram_id=telegram_id, name="Anna", role="agent")
    before = await desk.store.read(_customer_joined)
    if move == "resumed":
        await desk.store.act(resume_dialog, manager=desk.maria, dialog_id=dialog.id)
    else:
        await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    told = (await desk.store.read(_customer_joined))[len(before) :]
    assert [row["chat_id"] for row in told] == [desk.maria.telegram_id]
    assert told[0]["payload_json"]["words"]["name"] == "Anna"


@pytest.mark.parametrize("left", [False, True])
async def test_a_dialog_with_an_ordinary_customer_shows_no_warning(
    desk: Desk, owner: Manager, left: bool
) -> None:
    if left:
        telegram_id = desk.anna.telegram_id
        anna = await desk.store.act(
            add_manager, acting=owner, telegram_id=telegram_id, name="Anna", role="agent"
        )
        await desk.store.act(change_manager, acting=owner, manager_id=anna.id, changes={"active": False})
    await desk.store.act(open_dialog, manager=desk.maria, opening=Opening(desk.anna.id, "Lost parcel"))
    assert await desk.store.read(_customer_joined) == []


def _customer_joined(tx: Tx) -> list[Row]:
    rows = tx.all("SELECT id, chat_id, payload_json FROM outbox ORDER BY id")
    return [row for row in rows if row["payload_json"].get("key") == "desk_notices.customer_joined"]
