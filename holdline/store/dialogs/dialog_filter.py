"""What a list of dialogs is narrowed and sorted by. The names of the columns are those of the select in dialogs.py."""

from dataclasses import asdict, dataclass
from typing import Any

from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class DialogFilter:
    """What a list of dialogs is narrowed by; None does not narrow."""

    state: str | None = None
    customer_id: int | None = None
    assignee_telegram_id: int | None = None
    stage: str | None = None
    tag: str | None = None
    team: str | None = None
    queue: str | None = None
    type: str | None = None
    priority: str | None = None
    channel: str | None = None
    unassigned: bool | None = None
    overdue: bool | None = None

    def sql(self, tx: Tx) -> tuple[list[str], dict[str, Any]]:
        """Conditions and their values; only what narrows is asked, so that an index can answer."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        values = {name: value for name, value in given.items() if not isinstance(value, bool)}
        if self.overdue is not None:
            values["now"] = tx.at
        conditions = [
            _CONDITIONS[name] if value is not False else f"NOT ({_CONDITIONS[name]})"
            for name, value in given.items()
        ]
        return conditions, values


_CONDITIONS = {
    "state": "d.state = :state",
    "customer_id": "d.customer_id = :customer_id",
    "assignee_telegram_id": "m.telegram_id = :assignee_telegram_id",
    "stage": "s.name = :stage",
    "team": "team.name = :team",
    "queue": "q.name = :queue",
    "type": "t.name = :type",
    "priority": "d.priority = :priority",
    "channel": "d.channel = :channel",
    "unassigned": "d.assignee_id IS NULL",
    "overdue": "COALESCE(d.due_at <= :now AND d.state <> 'closed', FALSE)",
    "tag": """EXISTS (SELECT 1 FROM dialog_labels x JOIN lists k ON k.id = x.list_id
              WHERE x.dialog_id = d.id AND k.kind = 'tags' AND k.name = :tag)""",
}
_DUE = "COALESCE({0}due_at, 9000000000000000)"
ORDERS = {
    "oldest": ("d.id", "ASC", ">"),
    "newest": ("d.id", "DESC", "<"),
    "due": (f"{_DUE.format('d.')}, d.id", "ASC", ">"),
    "changed": ("d.changed_at, d.id", "DESC", "<"),
}
"""Name → the columns by which dialogs are sorted, the direction, and what comes after a row."""
AFTER = {"due": _DUE.format("a.") + ", a.id", "changed": "a.changed_at, a.id"}
