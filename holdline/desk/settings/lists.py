"""The lists that dialogs are labelled with, and who may edit them (L-12 to L-20)."""

from holdline.desk.people.managers import require_permission
from holdline.dialogs.decisions import lists as rules
from holdline.dialogs.dialog import DEFAULT_TYPES, STAGES
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.text.wording import one_line
from holdline.store.dialogs import lists
from holdline.store.people import admin_log
from holdline.store.screens import settings
from holdline.store.tx import Row, Tx

SEEDED = "lists_seeded"


def ensure_lists(tx: Tx) -> None:
    """Inserts the stages and the default types, once per bot, so that a deleted default does not come back."""
    if settings.value(tx, SEEDED) or not settings.put_once(tx, SEEDED, True):
        return
    for name, category in STAGES:
        lists.insert(tx, "stages", name, category=category, system=True)
    for name in DEFAULT_TYPES:
        lists.insert(tx, "types", name)


def list_page(tx: Tx, *, kind: str) -> list[Row]:
    """The values that are not deleted; reasons and components start empty."""
    return lists.of_kind(tx, rules.valid_kind(kind))


def add_to_list(tx: Tx, *, manager: Manager | None, kind: str, name: str, category: str | None = None) -> Row:
    """Adds a value. `category` is for stages only: open (default), waiting or resolved."""
    require_permission(tx, manager, Act.EDIT_DESK)
    ensure_lists(tx)
    wanted = one_line(name, field="name")
    rules.refuse_taken_name(wanted, is_taken=lists.find(tx, rules.valid_kind(kind), wanted) is not None)
    added = lists.insert(tx, kind, wanted, category=rules.valid_category(kind, category))
    admin_log.add(tx, manager, "list_value_added", about=f"{kind}:{added['id']}", after=wanted)
    return added


def remove_from_list(tx: Tx, *, manager: Manager | None, kind: str, list_id: int) -> None:
    """Deletes a value: pickers do not offer it, but dialogs that carry it keep it (L-15)."""
    require_permission(tx, manager, Act.EDIT_DESK)
    living = [_value(row) for row in lists.load_locked(tx, rules.valid_kind(kind))]
    value = rules.value_to_remove(kind, living, list_id)
    lists.soft_delete(tx, value.id)
    admin_log.add(tx, manager, "list_value_deleted", about=f"{kind}:{value.id}", before=value.name)


def _value(row: Row) -> rules.ListValue:
    return rules.ListValue(row["id"], row["name"], is_system=bool(row["system"]))
