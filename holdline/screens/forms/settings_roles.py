"""Settings → Roles: every permission by name and in words, granted or not (L-70)."""

from holdline.desk.people.roles import roles, set_role_permission
from holdline.dialogs.manager import PERMISSIONS, ROLES, Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import permission_key
from holdline.dialogs.rights import NEEDED, Act
from holdline.screens.forms.form import Form
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_PEOPLE
_SHOWN = tuple(name for name in PERMISSIONS if name in NEEDED)
"""Permissions that no act of this version needs are not shown."""


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, role = manager.language, form.step.partition("/")[2]
    head = say("windows.settings_roles", language)
    if not role:
        rows = [[form.button(say(f"windows.role_{name}", language), "role", name)] for name in ROLES]
        rows.append([form.button(say("windows.menu", language), "menu")])
        return screen_with_title(head, say("windows.roles_hint", language), rows=rows)
    granted = roles(tx)[role]
    rows = [[form.button(f"{'✅' if name in granted else '▫️'} {name}", "grant", name)] for name in _SHOWN]
    rows.append([form.button(say("windows.back", language), "list")])
    lines = [f"{name}: {say(permission_key(name), language)}" for name in _SHOWN]
    hint = say("windows.role_hint", language)
    return screen_with_title(f"{head}: {say(f'windows.role_{role}', language)}", hint, *lines, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    role = form.step.partition("/")[2]
    if action == "role" and arg in ROLES:
        form.step = f"roles/{arg}"
    elif action == "grant" and role:
        has = arg in roles(tx)[role]
        set_role_permission(tx, manager=manager, role=role, permission=arg, granted=not has)
    else:
        form.step = "roles"


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """This page takes no typed text."""
