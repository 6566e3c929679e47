"""Policies of service level agreements, and who may edit them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from holdline.desk.dialogs.labels import queue_id, type_id
from holdline.desk.dialogs.sla import settle_dialogs
from holdline.desk.people.managers import require_permission
from holdline.desk.settings.free_name import free_name
from holdline.dialogs.decisions.changes import valid_priority
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.sla.calendar_input import NamedCalendar
from holdline.dialogs.sla.clock import TARGETS, Policy
from holdline.store.dialogs import calendars, lists, sla_policies
from holdline.store.people import admin_log
from holdline.store.tx import Tx


def list_policies(tx: Tx) -> list[Policy]:
    """All policies, in the order in which they are tried."""
    return sla_policies.all_policies(tx)


def add_policy(tx: Tx, *, manager: Manager | None, values: dict[str, Any]) -> Policy:
    """Adds a policy. `values`: name, if, the targets, calendar, position. It applies to dialogs that are opened or
    changed from now on.
    """
    require_permission(tx, manager, Act.EDIT_DESK)
    last = max((policy.position for policy in sla_policies.all_policies(tx)), default=0)
    policy, calendar = _with_values(tx, Policy(0, "", position=last + 1), values)
    policy_id = sla_policies.insert(tx, policy, calendar_id=calendar.id if calendar else None)
    admin_log.add(tx, manager, "sla_policy_added", about=f"sla_policies:{policy_id}", after=policy.name)
    return replace(policy, id=policy_id)


def change_policy(tx: Tx, *, manager: Manager | None, policy_id: int, values: dict[str, Any]) -> Policy:
    """Changes only the given values; null removes one. Running clocks are counted again."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = policy_by_id(tx, policy_id)
    after, calendar = _with_values(tx, before, values)
    if after != before:
        concerned = sla_policies.lock_dialogs(tx, [policy_id])
        sla_policies.save(tx, after, calendar_id=calendar.id if calendar else None)
        settle_dialogs(tx, concerned)
        about = f"sla_policies:{policy_id}"
        admin_log.add(tx, manager, "sla_policy_changed", about=about, before=before.name, after=after.name)
    return after


def move_policy_up(tx: Tx, *, manager: Manager | None, policy_id: int) -> None:
    """Moves the policy up by one in the order in which they are tried, for dialogs that are opened or changed from now
    on.
    """
    require_permission(tx, manager, Act.EDIT_DESK)
    policy = policy_by_id(tx, policy_id)
    ordered = sla_policies.all_policies(tx)
    at = ordered.index(policy)
    ordered.insert(max(at - 1, 0), ordered.pop(at))
    for position, each in enumerate(ordered, start=1):
        calendar = _calendar(tx, each.calendar_name)
        moved = replace(each, position=position)
        sla_policies.save(tx, moved, calendar_id=calendar.id if calendar else None)
    admin_log.add(tx, manager, "sla_policy_changed", about=f"sla_policies:{policy_id}", after=policy.name)


def remove_policy(tx: Tx, *, manager: Manager | None, policy_id: int) -> None:
    """Deletes a policy: its clocks are removed and the next policy that matches applies; closed dialogs keep their
    results.
    """
    require_permission(tx, manager, Act.EDIT_DESK)
    policy = policy_by_id(tx, policy_id)
    concerned = sla_policies.lock_dialogs(tx, [policy_id])
    sla_policies.soft_delete(tx, policy_id)
    settle_dialogs(tx, concerned)
    admin_log.add(tx, manager, "sla_policy_deleted", about=f"sla_policies:{policy_id}", before=policy.name)


def policy_by_id(tx: Tx, policy_id: int) -> Policy:
    for policy in sla_policies.all_policies(tx):
        if policy.id == policy_id:
            return policy
    raise NotFound("sla policy", policy_id)


def _with_values(tx: Tx, policy: Policy, values: Mapping[str, Any]) -> tuple[Policy, NamedCalendar | None]:
    others = [each.name for each in sla_policies.all_policies(tx) if each.id != policy.id]
    calendar = _calendar(tx, values.get("calendar", policy.calendar_name))
    durations: dict[str, Any] = {
        **policy.durations,
        **{name: values[name] for name in TARGETS if name in values},
    }
    after = replace(
        policy,
        name=free_name(values["name"], others) if "name" in values else policy.name,
        conditions=_conditions(tx, values["if"]) if "if" in values else policy.conditions,
        durations={name: text for name, text in durations.items() if text is not None},
        calendar_name=calendar.name if calendar else None,
        calendar=calendar.calendar if calendar else None,
        position=values.get("position", policy.position),
    )
    if not after.targets:
        raise BadInput("resolution", "time.no_target")
    return after, calendar


def _calendar(tx: Tx, name: str | None) -> NamedCalendar | None:
    """The calendar with that name or id."""
    known = calendars.all_calendars(tx)
    for each in known:
        if name is not None and name.strip().casefold() in (each.name.casefold(), str(each.id)):
            return each
    if name is not None:
        if not known:
            raise BadInput("calendar", "time.no_calendars")
        raise BadInput("calendar", "one_of", choices=", ".join(each.name for each in known))
    return None


def _conditions(tx: Tx, wanted: Mapping[str, str | None]) -> dict[str, str]:
    """The conditions, with names as the desk's lists write them."""
    given = {name: value for name, value in wanted.items() if value is not None}
    if "priority" in given:
        given["priority"] = valid_priority(given["priority"])
    for name, find in (("type", type_id), ("queue", queue_id)):
        if name in given:
            find(tx, given[name])
            row = lists.find(tx, f"{name}s", given[name])
            given[name] = row["name"] if row else given[name]
    return given
