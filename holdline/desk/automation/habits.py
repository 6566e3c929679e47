"""The desk's habits: everybody who follows them reads them here; managers who may edit settings change them."""

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
    """The desk's habits; those that change a dialog are off by default."""
    return Habits(**settings.value(tx, SETTING, {}))


def change_habits(tx: Tx, *, manager: Manager | None, changes: dict[str, Any]) -> Habits:
    """Applies `changes`, fields of Habits; the others stay."""
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
    """The actor in history and notices when the desk follows that habit: its name in the desk's language."""
    return Actor(kind="rule", name=say(f"habits.by_{habit}", tx.rules.language))
