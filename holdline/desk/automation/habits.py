"""The desk's habits: read by whoever follows them, changed by who may edit the settings."""

from dataclasses import asdict, replace
from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.dialogs.automation.habits import Habits, valid_habits
from holdline.dialogs.event import Actor
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.store.people import admin_log
from holdline.store.screens import settings
from holdline.store.tx import Tx
from holdline.texts import say

SETTING = "habits"


def habits_of(tx: Tx) -> Habits:
    """What changes a dialog is off until somebody switches it on."""
    return Habits(**settings.value(tx, SETTING, {}))


def change_habits(tx: Tx, *, manager: Manager | None, changes: dict[str, Any]) -> Habits:
    """`changes`: fields of Habits; what is not given stays."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = habits_of(tx)
    after = valid_habits(replace(before, **changes))
    if after != before:
        settings.put(tx, SETTING, asdict(after))
        admin_log.add(
            tx, manager, "habits_changed", about=SETTING, before=asdict(before), after=asdict(after)
        )
    return after


def actor_of(tx: Tx, habit: str) -> Actor:
    """Whom history and colleagues read when the desk follows that habit: its name in the desk's language."""
    return Actor(kind="rule", name=say(f"habits.by_{habit}", tx.rules.language))
