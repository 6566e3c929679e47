"""Close reasons that the desk offers: each may state the outcome, so that nobody has to be asked."""

from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.desk.settings.free_name import free_name
from holdline.dialogs.closing import CloseReason, valid_outcome
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act
from holdline.store.dialogs import lists
from holdline.store.people import admin_log
from holdline.store.tx import Row, Tx

KIND = "close_reasons"


def close_reasons(tx: Tx) -> list[CloseReason]:
    """All close reasons, the oldest first."""
    return [_reason(row) for row in lists.of_kind(tx, KIND)]


def add_close_reason(tx: Tx, *, manager: Manager | None, values: dict[str, Any]) -> CloseReason:
    """Adds a close reason. `values`: name, and outcome if the reason states one."""
    require_permission(tx, manager, Act.EDIT_DESK)
    name = free_name(values["name"], [reason.name for reason in close_reasons(tx)])
    outcome = valid_outcome(values.get("outcome"))
    row = lists.insert(tx, KIND, name, outcome=outcome)
    admin_log.add(tx, manager, "list_value_added", about=f"{KIND}:{row['id']}", after=name)
    return CloseReason(row["id"], name, outcome)


def change_close_reason(
    tx: Tx, *, manager: Manager | None, reason_id: int, values: dict[str, Any]
) -> CloseReason:
    """Changes only the given values; outcome None: the reason states none. Closed dialogs keep their values."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = close_reason_by_id(tx, reason_id)
    others = [reason.name for reason in close_reasons(tx) if reason.id != reason_id]
    name = free_name(values["name"], others) if "name" in values else before.name
    outcome = valid_outcome(values["outcome"]) if "outcome" in values else before.outcome
    after = CloseReason(reason_id, name, outcome)
    if after != before:
        lists.update(tx, reason_id, name=name, outcome=outcome)
        admin_log.add(
            tx,
            manager,
            "list_value_changed",
            about=f"{KIND}:{reason_id}",
            before=_in_words(before),
            after=_in_words(after),
        )
    return after


def remove_close_reason(tx: Tx, *, manager: Manager | None, reason_id: int) -> None:
    """Deletes a close reason: it is not offered any longer; closed dialogs keep it."""
    require_permission(tx, manager, Act.EDIT_DESK)
    reason = close_reason_by_id(tx, reason_id)
    lists.soft_delete(tx, reason_id)
    admin_log.add(tx, manager, "list_value_deleted", about=f"{KIND}:{reason_id}", before=reason.name)


def close_reason_by_id(tx: Tx, reason_id: int) -> CloseReason:
    """The close reason; raises NotFound if there is none or it was deleted."""
    for reason in close_reasons(tx):
        if reason.id == reason_id:
            return reason
    raise NotFound("close_reason", reason_id)


def _in_words(reason: CloseReason) -> str:
    return f"{reason.name} ({reason.outcome})" if reason.outcome else reason.name


def _reason(row: Row) -> CloseReason:
    return CloseReason(row["id"], row["name"], row["outcome"])
