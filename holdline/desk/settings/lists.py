"""The lists that dialogs are labelled with, and who may edit them (L-12 to L-20)."""

from holdline.desk.people.managers import require_permission
from holdline.dialogs.dialog import DEFAULT_TYPES, LIST_KINDS, STAGES
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.wording import one_line
from holdline.store.dialogs import lists
from holdline.store.people import admin_log
from holdline.store.screens import settings
from holdline.store.tx import Row, Tx

SEEDED = "lists_seeded"
CATEGORIES = ("open", "waiting", "resolved")
_EDIT = "dialog_settings.edit"


def ensure_lists(tx: Tx) -> None:
    """Stages and default types, once per bot: a default that somebody deleted does not come back."""
    if settings.value(tx, SEEDED) or not settings.put_once(tx, SEEDED, True):
        return
    for name, category in STAGES:
        lists.insert(tx, "stages", name, category=category, system=True)
    for name in DEFAULT_TYPES:
        lists.insert(tx, "types", name)


def list_page(tx: Tx, *, kind: str) -> list[Row]:
    """The living values; reasons and components start empty."""
    return lists.of_kind(tx, _valid_kind(kind))


def add_to_list(tx: Tx, *, manager: Manager | None, kind: str, name: str, category: str | None = None) -> Row:
    """`category` is for stages only: open (default), waiting or resolved."""
    require_permission(tx, manager, _EDIT)
    ensure_lists(tx)
    wanted = one_line(name, field="name")
    if lists.find(tx, _valid_kind(kind), wanted) is not None:
        raise BadInput("name", "mends.taken", name=wanted)
    added = lists.insert(tx, kind, wanted, category=_category(kind, category))
    admin_log.add(tx, manager, "list_value_added", about=f"{kind}:{added['id']}", after=wanted)
    return added


def remove_from_list(tx: Tx, *, manager: Manager | None, kind: str, list_id: int) -> None:
    """Hidden from the pickers; dialogs that carry the value keep it (L-15)."""
    require_permission(tx, manager, _EDIT)
    living = lists.load_locked(tx, _valid_kind(kind))
    value = next((row for row in living if row["id"] == list_id), None)
    if value is None:
        raise NotFound(kind.removesuffix("s"), list_id)
    if value["system"]:
        raise BadInput(kind, "mends.system_stage", name=value["name"])
    if kind == "types" and len(living) == 1:
        raise BadInput(kind, "mends.last_type", name=value["name"])
    lists.soft_delete(tx, list_id)
    admin_log.add(tx, manager, "list_value_deleted", about=f"{kind}:{list_id}", before=value["name"])


def _valid_kind(kind: str) -> str:
    if kind not in LIST_KINDS:
        raise BadInput("kind", "mends.one_of", choices=", ".join(LIST_KINDS))
    return kind


def _category(kind: str, category: str | None) -> str | None:
    if kind != "stages":
        return None
    if category is not None and category not in CATEGORIES:
        raise BadInput("category", "mends.one_of", choices=", ".join(CATEGORIES))
    return category or "open"
