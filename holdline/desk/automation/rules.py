"""The desk's rules: adding, changing, ordering and deleting them, and who may do so."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from holdline.desk.automation.hours import desk_calendar
from holdline.desk.dialogs import labels
from holdline.desk.people.managers import require_permission
from holdline.desk.people.participants import lock_colleague
from holdline.desk.settings.free_name import free_name
from holdline.desk.teams.routing import team_by_name
from holdline.dialogs.automation.order import move
from holdline.dialogs.decisions.changes import valid_priority, valid_stage
from holdline.dialogs.decisions.rule import Conditions, Rule, valid_silence
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, DeskError
from holdline.dialogs.rights import Act
from holdline.store.automation import desk_rules as rows
from holdline.store.automation import rule_runs
from holdline.store.people import admin_log
from holdline.store.tx import Tx


def rule_page(tx: Tx) -> list[Rule]:
    """All rules, in the order in which they act, with the number of their runs."""
    return rule_runs.with_runs(tx, rows.list_all(tx))


def rule_by_id(tx: Tx, rule_id: int) -> Rule:
    """The rule with the number of its runs; raises NotFound if there is none or it was deleted."""
    return rule_runs.with_runs(tx, [rows.by_id(tx, rule_id)])[0]


def add_rule(tx: Tx, *, manager: Manager | None, rule: Rule) -> Rule:
    """Adds the rule; its id is ignored."""
    require_permission(tx, manager, Act.EDIT_DESK)
    added = rows.insert(tx, _valid(tx, rule))
    admin_log.add(tx, manager, "rule_added", about=f"rule:{added.id}", after=added.name)
    return added


def change_rule(tx: Tx, *, manager: Manager | None, rule_id: int, changes: dict[str, Any]) -> Rule:
    """Applies `changes`, fields of a Rule; conditions and steps are replaced as a whole."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = rows.by_id(tx, rule_id)
    after = _valid(tx, replace(before, **changes))
    rows.update(tx, after)
    admin_log.add(tx, manager, "rule_changed", about=f"rule:{rule_id}", before=before.name, after=after.name)
    return rule_by_id(tx, rule_id)


def move_rule(tx: Tx, *, manager: Manager | None, rule_id: int, up: bool) -> None:
    """Moves the rule one place up or down; the first cannot move up, nor the last one down."""
    require_permission(tx, manager, Act.EDIT_DESK)
    ordered, moved = rows.list_all(tx), rows.by_id(tx, rule_id)
    place = ordered.index(moved) + 1
    to = place - 1 if up else place + 1
    if not 1 <= to <= len(ordered):
        return
    for rule in move(ordered, moved, to=to):
        if rule not in ordered:
            rows.update(tx, rule)
    admin_log.add(tx, manager, "rule_moved", about=f"rule:{rule_id}", before=place, after=to)


def refuse_bad_part(tx: Tx, *, conditions: Conditions, steps: Sequence[dict[str, Any]]) -> None:
    """For a rule that is still being written: refuses any part that is invalid already."""
    _refuse_bad_conditions(tx, conditions)
    for number, step in enumerate(steps):
        _refuse_bad_step(tx, step, at=f"then[{number}]")


def free_rule_name(tx: Tx, name: str, *, rule_id: int) -> str:
    """The name as it would be stored; raises BadInput if another rule has it."""
    return free_name(name, [other.name for other in rows.list_all(tx) if other.id != rule_id])


def delete_rule(tx: Tx, *, manager: Manager | None, rule_id: int) -> None:
    """Deletes the rule; history still names it."""
    require_permission(tx, manager, Act.EDIT_DESK)
    rule = rows.by_id(tx, rule_id)
    rows.soft_delete(tx, rule_id)
    admin_log.add(tx, manager, "rule_deleted", about=f"rule:{rule_id}", before=rule.name)


def _valid(tx: Tx, rule: Rule) -> Rule:
    name = free_rule_name(tx, rule.name, rule_id=rule.id)
    if not rule.steps:
        raise BadInput("then", "rule_steps")
    refuse_bad_part(tx, conditions=rule.conditions, steps=rule.steps)
    return replace(rule, name=name)


def _refuse_bad_conditions(tx: Tx, conditions: Conditions) -> None:
    """Refuses names that the desk does not have: they would never match."""
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
    """Checks the value; a refusal names the field of the rule."""
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
