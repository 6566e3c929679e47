"""Filters and sort orders of dialog lists. The names of the columns are those of the select in dialogs.py."""

from dataclasses import asdict, dataclass
from typing import Any

from holdline.dialogs.dialog import HANDLING_STAGE, REVIEW_STAGE
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class DialogFilter:
    """The filters of a dialog list; None does not filter."""

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
    open: bool | None = None
    """Active or paused."""
    handled: bool | None = None
    """A manager or a team has it, or its stage says so; dialogs that await review are excluded."""

    def sql(self, tx: Tx, *, rare_tag: bool) -> tuple[list[str], dict[str, Any]]:
        """Conditions and their values. Only given filters are included, so that an index can be used."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        values = {name: value for name, value in given.items() if not isinstance(value, bool)}
        if self.overdue is not None:
            values["now"] = tx.at
        asked = _CONDITIONS | (_AMONG_FEW if self.open else {}) | (_RARE_TAG if rare_tag else {})
        conditions = [
            asked[name] if value is not False else f"NOT COALESCE({asked[name]}, FALSE)"
            for name, value in given.items()
        ]
        return conditions, values

    def has_rare_tag(self, tx: Tx) -> bool:
        """Whether few enough dialogs have the tag to look them up one by one."""
        if self.tag is None:
            return False
        row = tx.one(
            f"SELECT COUNT(*) AS dialogs FROM ({_TAGGED} LIMIT :most) few", tag=self.tag, most=_RARE + 1
        )
        return row is not None and row["dialogs"] <= _RARE


_CONDITIONS = {
    "state": "d.state = :state",
    "customer_id": "d.customer_id = :customer_id",
    "stage": """d.stage_id IN (SELECT k.id FROM lists k WHERE k.bot_id = :bot AND k.kind = 'stages'
                AND k.name = :stage)""",
    "team": "team.name = :team",
    "queue": "q.name = :queue",
    "type": "t.name = :type",
    "priority": "d.priority = :priority",
    "channel": "d.channel = :channel",
    "unassigned": "d.assignee_id IS NULL",
    "overdue": "(d.due_at <= :now AND d.state <> 'closed')",
    "open": "d.state <> 'closed'",
    "handled": f"""(s.name <> '{REVIEW_STAGE}'
                  AND (s.name = '{HANDLING_STAGE}' OR d.assignee_id IS NOT NULL OR d.team_id IS NOT NULL))""",
    "tag": """EXISTS (SELECT 1 FROM dialog_labels x JOIN lists k ON k.id = x.list_id
              WHERE x.dialog_id = d.id AND k.kind = 'tags' AND k.name = :tag)""",
}
_OWNER = "(SELECT p.id FROM managers p WHERE p.bot_id = :bot AND p.telegram_id = :assignee_telegram_id)"
_CONDITIONS |= {"assignee_telegram_id": f"d.assignee_id = {_OWNER}"}
_AMONG_FEW = {"assignee_telegram_id": f"+d.assignee_id = {_OWNER}", "unassigned": "+d.assignee_id IS NULL"}
"""Used for open dialogs, where the index of open dialogs is the better one."""
_TAGGED = """SELECT x.dialog_id FROM dialog_labels x WHERE x.list_id IN (
             SELECT k.id FROM lists k WHERE k.kind = 'tags' AND k.name = :tag)"""
_RARE_TAG = {"tag": f"d.id IN ({_TAGGED})"}
_RARE = 2000
"""Up to so many dialogs with a tag are looked up one by one; if there are more, a scan soon finds the first ones."""
_DUE = "COALESCE({0}due_at, 9000000000000000)"
ORDERS = {
    "oldest": ("d.id", "ASC", ">"),
    "newest": ("d.id", "DESC", "<"),
    "due": (f"{_DUE.format('d.')}, d.id", "ASC", ">"),
    "changed": ("d.changed_at, d.id", "DESC", "<"),
}
"""Name → the columns by which dialogs are sorted, the direction, and the comparison with the row before."""
AFTER = {"due": _DUE.format("a.") + ", a.id", "changed": "a.changed_at, a.id"}
