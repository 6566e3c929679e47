"""The desk's rules: made, changed, tried out, and who may do that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from holdline.desk.automation.hours import desk_calendar
from holdline.desk.automation.steps import Occasion
from holdline.desk.automation.triggers import case_of
from holdline.desk.dialogs import labels
from holdline.desk.people.managers import require_permission
from holdline.desk.people.participants import lock_colleague
from holdline.desk.settings.free_name import free_name
from holdline.desk.teams.routing import team_by_name
from holdline.dialogs.decisions.changes import valid_priority, valid_stage
from holdline.dialogs.decisions.rule import Conditions, Rule, Trigger, matches, valid_silence
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, DeskError
from holdline.dialogs.rights import Act
from holdline.store.automation import desk_rules as rows
from holdline.store.people import admin_log
from holdline.store.tx import Row, Tx

LOOKS_AT = 100
"""Events of a dry run."""
_HISTORY = {"overdue": "dialog_overdue"}
"""Triggers that history calls otherwise."""


@dataclass(frozen=True, slots=True)
class TriedEvent:
    """An event on which the rule would have acted."""

    customer_id: int
    dialog_id: int | None
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many events were looked at, and those that match, the newest first."""

    looked_at: int
    matching: tuple[TriedEvent, ...]


def rule_page(tx: Tx) -> list[Rule]:
    """All of them, in the order in which they act."""
    return rows.list_all(tx)


def add_rule(tx: Tx, *, manager: Manager | None, rule: Rule) -> Rule:
    """The id of the given one counts for nothing."""
    require_permission(tx, manager, Act.EDIT_DESK)
    added = rows.insert(tx, _valid(tx, rule))
    admin_log.add(tx, manager, "rule_added", about=f"rule:{added.id}", after=added.name)
    return added


def change_rule(tx: Tx, *, manager: Manager | None, rule_id: int, changes: dict[str, Any]) -> Rule:
    """`changes`: fields of a Rule; conditions and steps become exactly those given."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = rows.by_id(tx, rule_id)
    after = _valid(tx, replace(before, **changes))
    rows.update(tx, after)
    admin_log.add(tx, manager, "rule_changed", about=f"rule:{rule_id}", before=before.name, after=after.name)
    return after


def delete_rule(tx: Tx, *, manager: Manager | None, rule_id: int) -> None:
    """History goes on naming it."""
    require_permission(tx, manager, Act.EDIT_DESK)
    rule = rows.by_id(tx, rule_id)
    rows.soft_delete(tx, rule_id)
    admin_log.add(tx, manager, "rule_deleted", about=f"rule:{rule_id}", before=rule.name)


def try_rule(tx: Tx, *, rule: Rule) -> DryRun:
    """On which of the last events it would have acted, by how their dialogs are now; nothing is done."""
    events = _last_events(tx, rule.trigger)
    found = [
        each
        for each in events
        if matches(rule.conditions, case_of(tx, rule, _occasion(each), at=_acts_at(rule, each)))
    ]
    return DryRun(len(events), tuple(map(_match, found)))


def _last_events(tx: Tx, trigger: Trigger) -> list[Row]:
    match trigger:
        case "first_message":
            return rows.last_first_messages(tx, limit=LOOKS_AT)
        case "message" | "no_reply":
            return rows.last_messages(tx, limit=LOOKS_AT)
    return rows.last_events(tx, _HISTORY.get(trigger, trigger), limit=LOOKS_AT)


def _acts_at(rule: Rule, event: Row) -> datetime:
    at: datetime = event["created_at"]
    return at + rule.silence if rule.trigger == "no_reply" else at


def _occasion(event: Row) -> Occasion:
    return Occasion(event["customer_id"], event["dialog_id"], event.get("text", ""))


def _match(event: Row) -> TriedEvent:
    return TriedEvent(event["customer_id"], event["dialog_id"], event["created_at"], event.get("text", ""))


def _valid(tx: Tx, rule: Rule) -> Rule:
    name = free_name(rule.name, [other.name for other in rows.list_all(tx) if other.id != rule.id])
    _refuse_bad_conditions(tx, rule.conditions)
    if not rule.steps:
        raise BadInput("then", "rule_steps")
    for number, step in enumerate(rule.steps):
        _refuse_bad_step(tx, step, at=f"then[{number}]")
    return replace(rule, name=name)


def _refuse_bad_conditions(tx: Tx, conditions: Conditions) -> None:
    """Names that the desk does not have would never match."""
    if conditions.after is not None:
        valid_silence(conditions.after)
    for name, value in conditions.given.items():
        _refuse_bad_value(tx, name, value, at=f"if.{name}")


def _refuse_bad_step(tx: Tx, step: dict[str, Any], *, at: str) -> None:
    if len(step) != 1:
        raise BadInput(at, "rule_one_step")
    ((name, value),) = step.items()
    if value is None and name not in ("assign", "queue"):
        raise BadInput(f"{at}.{name}", "rule_one_step")
    _refuse_bad_value(tx, name, value, at=f"{at}.{name}")


def _refuse_bad_value(tx: Tx, name: str, value: Any, *, at: str) -> None:
    """The refusal of whoever knows such values, under the name of the field here."""
    try:
        _check(tx, name, value)
    except BadInput as refused:
        raise BadInput(at, refused.mend, **refused.mend_words) from refused
    except DeskError as refused:
        raise BadInput(at, "not_in_list") from refused


def _check(tx: Tx, name: str, value: Any) -> None:
    match name:
        case "type":
            labels.type_id(tx, value)
        case "open_dialog" if value.get("type"):
            labels.type_id(tx, value["type"])
        case "outside_hours" if desk_calendar(tx) is None:
            raise BadInput("outside_hours", "rule_needs_calendar")
        case "stage":
            labels.stage_id(tx, valid_stage(value))
        case "queue" if value is not None:
            labels.queue_id(tx, value)
        case "postpone" if len(value) != 1:
            raise BadInput("postpone", "rule_one_step")
        case "priority":
            valid_priority(value)
        case "tag":
            labels.label_ids(tx, "tags", [value])
        case "add_tags":
            labels.label_ids(tx, "tags", value)
        case "team":
            team_by_name(tx, value)
        case "assign" | "notify" if value is not None:
            _refuse_strangers(tx, value if isinstance(value, list) else [value])


def _refuse_strangers(tx: Tx, telegram_ids: Sequence[int]) -> None:
    for telegram_id in telegram_ids:
        lock_colleague(tx, telegram_id)
