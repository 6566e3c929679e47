"""Working calendars of the desk, and who may edit them."""

from dataclasses import replace
from typing import Any

from holdline.desk.customers.away import SETTING
from holdline.desk.dialogs.sla import settle_dialogs
from holdline.desk.people.managers import require_permission
from holdline.desk.settings.free_name import free_name
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.sla.calendar_input import NamedCalendar, read_calendar
from holdline.store.automation import desk_rules
from holdline.store.dialogs import calendars, sla_policies
from holdline.store.people import admin_log
from holdline.store.screens import settings
from holdline.store.smart_replies import smart_replies
from holdline.store.tx import Tx

_EMPTY = NamedCalendar(0, "", "", {}, [])


def list_calendars(tx: Tx) -> list[NamedCalendar]:
    """All calendars, the oldest first."""
    return calendars.all_calendars(tx)


def add_calendar(tx: Tx, *, manager: Manager | None, values: dict[str, Any]) -> NamedCalendar:
    """Adds a calendar. `values`: name, timezone, hours, holidays."""
    require_permission(tx, manager, Act.EDIT_DESK)
    added = calendars.insert(tx, _with_values(tx, replace(_EMPTY, timezone=tx.rules.time_zone), values))
    admin_log.add(tx, manager, "calendar_added", about=f"calendars:{added.id}", after=added.name)
    return added


def change_calendar(
    tx: Tx, *, manager: Manager | None, calendar_id: int, values: dict[str, Any]
) -> NamedCalendar:
    """Changes only the given values; running clocks are counted again."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = calendar_by_id(tx, calendar_id)
    after = _with_values(tx, before, values)
    if after != before:
        counting = [each.id for each in sla_policies.all_policies(tx) if each.calendar_name == before.name]
        concerned = sla_policies.lock_dialogs(tx, counting)
        calendars.save(tx, after)
        settle_dialogs(tx, concerned)
        admin_log.add(tx, manager, "calendar_changed", about=f"calendars:{calendar_id}", after=after.name)
    return after


def remove_calendar(tx: Tx, *, manager: Manager | None, calendar_id: int) -> None:
    """Deletes a calendar. Refused while a policy or a smart reply uses it, or if it is the only one and a rule depends
    on hours.
    """
    require_permission(tx, manager, Act.EDIT_DESK)
    calendar = calendar_by_id(tx, calendar_id)
    for policy in sla_policies.all_policies(tx):
        if policy.calendar_name == calendar.name:
            raise BadInput("calendar", "time.calendar_is_used", name=policy.name)
    if (reply := smart_replies.calendar_in_use(tx, calendar_id)) is not None:
        raise BadInput("calendar", "smart.calendar_is_used", name=reply)
    _refuse_if_rules_need_it(tx, calendar)
    calendars.soft_delete(tx, calendar_id)
    admin_log.add(tx, manager, "calendar_deleted", about=f"calendars:{calendar_id}", before=calendar.name)


def away_calendar_id(tx: Tx) -> int | None:
    """The calendar outside whose hours customers get the away message."""
    chosen: int | None = settings.value(tx, SETTING)
    return chosen


def switch_away_message(tx: Tx, *, manager: Manager | None, calendar_id: int) -> None:
    """Turns the away message on for that calendar and off for any other; turns it off if it was on for that one."""
    require_permission(tx, manager, Act.EDIT_DESK)
    calendar = calendar_by_id(tx, calendar_id)
    chosen = None if away_calendar_id(tx) == calendar_id else calendar_id
    settings.put(tx, SETTING, chosen)
    after = calendar.name if chosen is not None else None
    admin_log.add(tx, manager, "away_message_switched", about=f"calendars:{calendar_id}", after=after)


def calendar_by_id(tx: Tx, calendar_id: int) -> NamedCalendar:
    for calendar in calendars.all_calendars(tx):
        if calendar.id == calendar_id:
            return calendar
    raise NotFound("calendar", calendar_id)


def _refuse_if_rules_need_it(tx: Tx, calendar: NamedCalendar) -> None:
    if len(calendars.all_calendars(tx)) > 1:
        return
    for rule in desk_rules.list_all(tx):
        if rule.conditions.outside_hours is not None:
            raise BadInput("calendar", "time.calendar_is_used_by_rule", name=rule.name)


def _with_values(tx: Tx, calendar: NamedCalendar, values: dict[str, Any]) -> NamedCalendar:
    others = [each.name for each in calendars.all_calendars(tx) if each.id != calendar.id]
    name = free_name(values["name"], others) if "name" in values else calendar.name
    after = replace(calendar, **{**values, "name": name})
    read_calendar(after.timezone, after.hours, after.holidays)
    return after
