"""Which role may do what."""

import asyncio
from typing import Any

import pytest

from holdline.desk.people.managers import get_acting_manager
from holdline.desk.people.roles import roles, set_role_permission
from holdline.desk.people.staff import change_manager
from holdline.dialogs.manager import ROLE_PERMISSIONS
from holdline.dialogs.refusal import BadInput, NotAllowed
from holdline.dialogs.rights import Act
from holdline.screens.render import render
from holdline.store.people import admin_log, managers
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from tests.desk.conftest import Desk

OWN_RIGHTS = 7_007


@pytest.fixture
async def head(desk: Desk) -> Desk:
    await desk.store.act(managers.update, desk.maria.id, role="admin")
    return desk


async def test_roles_start_with_their_defaults(desk: Desk) -> None:
    assert await desk.store.read(roles) == ROLE_PERMISSIONS


@pytest.mark.row("L-70")
async def test_a_permission_granted_to_a_role_applies_to_all_its_managers(head: Desk) -> None:
    await head.store.act(
        set_role_permission, manager=head.maria, role="agent", permission="dialog_settings.edit", granted=True
    )
    assert (await head.store.act(get_acting_manager, head.ivan.telegram_id)).may("dialog_settings.edit")

    await head.store.act(
        set_role_permission,
        manager=head.maria,
        role="agent",
        permission="dialog_settings.edit",
        granted=False,
    )
    assert not (await head.store.act(get_acting_manager, head.ivan.telegram_id)).may("dialog_settings.edit")


async def test_only_a_manager_who_may_edit_managers_grants_permissions(desk: Desk) -> None:
    with pytest.raises(NotAllowed) as refused:
        await desk.store.act(
            set_role_permission, manager=desk.ivan, role="agent", permission="managers.edit", granted=True
        )

    assert "managers.edit" in refused.value.sentence("ru")
    assert await desk.store.read(roles) == ROLE_PERMISSIONS


@pytest.mark.parametrize(("role", "permission"), [("boss", "dialog.open"), ("agent", "dialog.eat")])
@pytest.mark.parametrize("granted", [True, False])
async def test_unknown_roles_and_rights_are_refused(
    head: Desk, role: str, permission: str, granted: bool
) -> None:
    with pytest.raises(BadInput):
        await head.store.act(
            set_role_permission, manager=head.maria, role=role, permission=permission, granted=granted
        )


async def test_the_last_manager_who_may_edit_rights_cannot_lose_the_permission(head: Desk) -> None:
    with pytest.raises(BadInput):
        await head.store.act(
            set_role_permission, manager=head.maria, role="admin", permission="managers.edit", granted=False
        )

    assert "managers.edit" in (await head.store.read(roles))["admin"]


async def test_two_roles_cannot_remove_each_others_last_permission_to_edit_rights(head: Desk) -> None:
    await head.store.act(
        set_role_permission, manager=head.maria, role="agent", permission="managers.edit", granted=True
    )
    ivan = await head.store.act(get_acting_manager, head.ivan.telegram_id)

    await asyncio.gather(
        head.store.act(
            set_role_permission, manager=head.maria, role="agent", permission="managers.edit", granted=False
        ),
        head.store.act(
            set_role_permission, manager=ivan, role="admin", permission="managers.edit", granted=False
        ),
        return_exceptions=True,
    )

    assert len(await head.store.read(managers.list_permitted, Act.EDIT_PEOPLE)) == 1


async def test_a_grant_is_logged_once_with_before_and_after(head: Desk) -> None:
    for _ in range(2):
        await head.store.act(
            set_role_permission, manager=head.maria, role="agent", permission="report.view", granted=True
        )

    logged = await head.store.read(admin_log.page)

    assert len(logged) == 1
    assert logged[0]["object"] == "role:agent"
    assert set(logged[0]["after_json"]) - set(logged[0]["before_json"]) == {"report.view"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"role": "restricted"}, ["🔑 Your role is now: Restricted. /help lists what you may use."]),
        (
            {"permissions": ["dialog.open"]},
            ["🔑 Your rights have changed. /help lists what you may use now."],
        ),
        ({"role": "agent"}, []),
        ({"name": "Ivan the Second"}, []),
        ({"active": False, "role": "restricted"}, []),
    ],
)
async def test_a_manager_with_a_new_role_is_notified(
    desk: Desk, changes: dict[str, Any], told: list[str]
) -> None:
    admin = await desk.store.act(managers.update, desk.maria.id, role="admin")
    await desk.store.act(change_manager, acting=admin, manager_id=desk.ivan.id, changes=changes)

    def texts(tx: Tx) -> list[str]:
        rows = tx.all("SELECT * FROM outbox WHERE chat_id = :chat", chat=desk.ivan.telegram_id)
        calls = [render(tx, row) for row in rows if row["kind"] == "desk_notice"]
        return [str(call.params["text"]) for call in calls if isinstance(call, Call)]

    assert await desk.store.read(texts) == told


async def test_a_manager_who_changes_their_own_role_is_not_notified(desk: Desk) -> None:
    admin = await desk.store.act(managers.update, desk.maria.id, role="admin")
    await desk.store.act(
        change_manager, acting=admin, manager_id=admin.id, changes={"permissions": ["managers.edit"]}
    )
    assert await desk.store.read(lambda tx: tx.all("SELECT key FROM outbox")) == []


async def test_changed_rights_of_a_role_are_told_once_to_those_who_follow_it(head: Desk) -> None:
    await head.store.act(managers.insert, telegram_id=OWN_RIGHTS, name="Oleg", role="agent")
    await head.store.act(
        lambda tx: managers.update(
            tx, managers.by_telegram_id(tx, OWN_RIGHTS).id, permissions=["dialog.open"]
        )  # type: ignore[union-attr]
    )
    for permission in ("report.view", "dialog_settings.edit"):
        await head.store.act(
            set_role_permission, manager=head.maria, role="agent", permission=permission, granted=True
        )
    notices = await head.store.read(
        lambda tx: tx.all("SELECT chat_id, due_at FROM outbox WHERE kind = 'desk_notice'")
    )
    agents = await head.store.read(managers.list_followers_of_role, "agent")
    assert head.ivan.telegram_id in {agent.telegram_id for agent in agents}
    assert [row["chat_id"] for row in notices] == [agent.telegram_id for agent in agents]
    assert OWN_RIGHTS not in {row["chat_id"] for row in notices}


async def test_an_admin_who_changes_their_own_role_is_not_notified(head: Desk) -> None:
    await head.store.act(
        set_role_permission, manager=head.maria, role="admin", permission="report.view", granted=False
    )
    readers = await head.store.read(lambda tx: tx.all("SELECT chat_id FROM outbox"))
    assert head.maria.telegram_id not in {row["chat_id"] for row in readers}
