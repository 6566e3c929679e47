"""Who belongs to the desk, and what happens when somebody leaves."""

import asyncio

import pytest

from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.people.managers import get_acting_manager
from holdline.desk.people.staff import add_manager, change_manager, managers_page
from holdline.desk.reading.reading import dialog_by_id, history_of
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotAllowed, NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.rules import DeskRules
from holdline.store.engine import Store
from holdline.store.people import admin_log, managers
from tests.desk.conftest import Desk

OWNER = 111


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(admins=(OWNER,))


@pytest.fixture
async def owner(desk: Desk) -> Manager:
    return await desk.store.act(get_acting_manager, OWNER)


async def test_a_new_manager_belongs_to_the_desk_at_once(desk: Desk, owner: Manager) -> None:
    olga = await desk.store.act(add_manager, acting=owner, telegram_id=5, name=" Olga ", role="agent")

    assert (olga.name, olga.role, olga.ready) == ("Olga", "agent", False)
    assert (await desk.store.act(get_acting_manager, 5)).id == olga.id
    assert olga in await desk.store.read(managers_page)


async def test_an_admin_key_adds_managers(desk: Desk) -> None:
    olga = await desk.store.act(add_manager, acting=None, telegram_id=5, name="Olga", role="admin")

    assert olga.may("managers.edit")


async def test_the_same_person_added_twice_is_one_with_the_newer_role(desk: Desk, owner: Manager) -> None:
    first = await desk.store.act(add_manager, acting=owner, telegram_id=5, name="Olga", role="agent")
    again = await desk.store.act(add_manager, acting=owner, telegram_id=5, name="Olga P.", role="manager")

    assert (again.id, again.name, again.role) == (first.id, "Olga P.", "manager")


@pytest.mark.parametrize("telegram_id", [0, -5, True, 2**52, "5"])
async def test_an_impossible_telegram_id_is_refused(desk: Desk, owner: Manager, telegram_id: int) -> None:
    with pytest.raises(BadInput) as refused:
        await desk.store.act(add_manager, acting=owner, telegram_id=telegram_id, name="Olga", role="agent")

    assert refused.value.field == "telegram_id"


async def test_without_the_permission_nobody_is_added_or_changed(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        await desk.store.act(add_manager, acting=desk.ivan, telegram_id=5, name="Olga", role="agent")
    with pytest.raises(NotAllowed):
        await desk.store.act(
            change_manager, acting=desk.ivan, manager_id=desk.ivan.id, changes={"role": "admin"}
        )


async def test_managers_set_their_own_readiness_and_language(desk: Desk) -> None:
    changes = {"ready": True, "language": "pl"}

    ivan = await desk.store.act(change_manager, acting=desk.ivan, manager_id=desk.ivan.id, changes=changes)

    assert (ivan.ready, ivan.language) == (True, "pl")
    with pytest.raises(NotAllowed):
        await desk.store.act(
            change_manager, acting=desk.ivan, manager_id=desk.maria.id, changes={"ready": True}
        )


async def test_individual_permissions_replace_those_of_the_role(desk: Desk, owner: Manager) -> None:
    own = await desk.store.act(
        change_manager, acting=owner, manager_id=desk.ivan.id, changes={"permissions": ["report.view"]}
    )
    assert own.permissions == {"report.view"}

    back = await desk.store.act(
        change_manager, acting=owner, manager_id=desk.ivan.id, changes={"permissions": None}
    )
    assert back.permissions == desk.ivan.permissions


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "boss"},
        {"ready": "yes"},
        {"active": 1},
        {"language": "de"},
        {"permissions": "report.view"},
        {"permissions": ["dialog.eat"]},
        {"salary": 5},
        {"name": ""},
    ],
)
async def test_an_invalid_change_is_refused_and_changes_nothing(
    desk: Desk, owner: Manager, changes: dict[str, object]
) -> None:
    with pytest.raises(BadInput):
        await desk.store.act(change_manager, acting=owner, manager_id=desk.ivan.id, changes=changes)

    assert await desk.store.read(managers.by_id, desk.ivan.id) == desk.ivan


async def test_an_unknown_manager_cannot_be_changed(desk: Desk, owner: Manager) -> None:
    with pytest.raises(NotFound):
        await desk.store.act(change_manager, acting=owner, manager_id=9999, changes={"ready": True})


async def test_a_configured_administrator_stays_one(desk: Desk, owner: Manager) -> None:
    with pytest.raises(BadInput) as refused:
        await desk.store.act(change_manager, acting=owner, manager_id=owner.id, changes={"role": "agent"})
    assert str(OWNER) in refused.value.sentence()

    again = await desk.store.act(add_manager, acting=None, telegram_id=OWNER, name="The owner", role="agent")
    assert (again.name, again.role) == ("The owner", "admin")


async def opened(desk: Desk, telegram_id: int, title: str) -> int:
    from holdline.desk.customers import customers  # noqa: PLC0415 - only this story needs more customers

    customer = await desk.store.act(
        customers.get_or_create_customer, sender=MessageSender(telegram_id, title)
    )
    opening = Opening(customer_id=customer.id, title=title)
    return (await desk.store.act(open_dialog, manager=desk.ivan, opening=opening)).id


async def test_a_leaving_manager_loses_rights_and_open_dialogs_at_once(desk: Desk, owner: Manager) -> None:
    active, paused, closed = [await opened(desk, n, f"Case {n}") for n in (21, 22, 23)]
    await desk.store.act(pause_dialog, manager=desk.ivan, dialog_id=paused)
    await desk.store.act(managers.update, desk.ivan.id, role="manager")
    head = await desk.store.act(get_acting_manager, desk.ivan.telegram_id)
    await desk.store.act(close_dialog, manager=head, dialog_id=closed, closing=Closing())

    left = await desk.store.act(
        change_manager, acting=owner, manager_id=desk.ivan.id, changes={"active": False}
    )

    assert not left.may("dialog.open")
    with pytest.raises(NotAllowed):
        await desk.store.act(get_acting_manager, desk.ivan.telegram_id)
    assert (await desk.store.read(dialog_by_id, dialog_id=active)).assignee is None
    assert (await desk.store.read(dialog_by_id, dialog_id=paused)).assignee is None
    assert (await desk.store.read(dialog_by_id, dialog_id=closed)).assignee is not None


@pytest.mark.row("S-13")
async def test_a_leaving_manager_is_not_ready_whatever_else_is_set(desk: Desk, owner: Manager) -> None:
    olga = await desk.store.act(add_manager, acting=owner, telegram_id=5, name="Olga", role="agent")

    gone = await desk.store.act(
        change_manager, acting=owner, manager_id=olga.id, changes={"active": False, "ready": True}
    )

    assert (gone.active, gone.ready) == (False, False)


async def test_the_withdrawn_assignment_is_in_the_history_with_its_actor(desk: Desk, owner: Manager) -> None:
    dialog_id = await opened(desk, 21, "Case")
    await desk.store.act(change_manager, acting=owner, manager_id=desk.ivan.id, changes={"active": False})

    lines = await desk.store.read(history_of, dialog_id=dialog_id)

    line, change = lines[-2:]
    assert (line["kind"], change["kind"]) == ("assignment_withdrawn", "dialog_changed")
    assert line["actor"]["telegram_id"] == OWNER
    assert line["data"]["from"] == desk.ivan.telegram_id
    assert line["data"]["to"] is None


async def test_a_returned_manager_has_the_same_row(desk: Desk, owner: Manager) -> None:
    await desk.store.act(change_manager, acting=owner, manager_id=desk.ivan.id, changes={"active": False})
    back = await desk.store.act(
        add_manager, acting=owner, telegram_id=desk.ivan.telegram_id, name="Ivan", role="agent"
    )

    assert back == desk.ivan


async def test_changes_of_people_are_logged(desk: Desk, owner: Manager) -> None:
    await desk.store.act(change_manager, acting=owner, manager_id=desk.ivan.id, changes={"role": "manager"})

    logged = await desk.store.read(admin_log.page)

    assert logged[0]["change"] == "manager_changed"
    assert (logged[0]["before_json"]["role"], logged[0]["after_json"]["role"]) == ("agent", "manager")


class TestWithoutConfiguredAdministrators:
    """The table alone decides who may edit rights."""

    @pytest.fixture
    def rules(self) -> DeskRules:
        return DeskRules()

    async def test_two_administrators_cannot_demote_each_other_at_once(self, store: Store) -> None:
        olga = await store.act(add_manager, acting=None, telegram_id=5, name="Olga", role="admin")
        piotr = await store.act(add_manager, acting=None, telegram_id=6, name="Piotr", role="admin")

        await asyncio.gather(
            store.act(change_manager, acting=olga, manager_id=piotr.id, changes={"role": "agent"}),
            store.act(change_manager, acting=piotr, manager_id=olga.id, changes={"active": False}),
            return_exceptions=True,
        )

        assert len(await store.read(managers.list_permitted, Act.EDIT_PEOPLE)) == 1

    async def test_the_last_administrator_cannot_leave(self, store: Store) -> None:
        olga = await store.act(add_manager, acting=None, telegram_id=5, name="Olga", role="admin")

        with pytest.raises(BadInput):
            await store.act(change_manager, acting=olga, manager_id=olga.id, changes={"active": False})

        assert (await store.act(get_acting_manager, 5)).may("managers.edit")


@pytest.mark.parametrize("returns", [False, True])
async def test_a_customer_with_an_active_dialog_who_joins_is_reported(
    desk: Desk, owner: Manager, returns: bool
) -> None:
    """The assignee and whoever adds them hear the dialog's number and what becomes of it; the person does not."""
    telegram_id = desk.anna.telegram_id
    if returns:
        anna = await desk.store.act(
            add_manager, acting=owner, telegram_id=telegram_id, name="Anna", role="agent"
        )
        await desk.store.act(change_manager, acting=owner, manager_id=anna.id, changes={"active": False})
    opening = Opening(desk.anna.id, "Lost parcel")
    dialog = await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    await desk.store.act(add_manager, acting=owner, telegram_id=telegram_id, name="Anna", role="agent")
    rows = await desk.store.read(
        lambda tx: tx.all("SELECT chat_id, payload_json FROM outbox ORDER BY chat_id")
    )
    told = [row for row in rows if row["payload_json"].get("key") == "desk_notices.customer_joined"]
    assert [row["chat_id"] for row in told] == sorted([OWNER, desk.maria.telegram_id])
    assert told[0]["payload_json"]["words"]["id"] == dialog.id


async def test_administrators_are_notified_of_a_manager_added_by_the_api(desk: Desk, owner: Manager) -> None:
    opening = Opening(desk.anna.id, "Lost parcel")
    await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    telegram_id = desk.anna.telegram_id
    await desk.store.act(add_manager, acting=None, telegram_id=telegram_id, name="Anna", role="agent")
    rows = await desk.store.read(lambda tx: tx.all("SELECT chat_id, payload_json FROM outbox"))
    told = {
        row["chat_id"] for row in rows if row["payload_json"].get("key") == "desk_notices.customer_joined"
    }
    assert {OWNER, desk.maria.telegram_id} <= told
    assert telegram_id not in told
