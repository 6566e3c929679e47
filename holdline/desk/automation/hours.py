"""The desk's working hours, as rules use them."""

from datetime import datetime

from holdline.desk.customers import away
from holdline.dialogs.sla.calendar_input import NamedCalendar
from holdline.dialogs.sla.working_time import next_opening
from holdline.store.dialogs import calendars
from holdline.store.screens import settings
from holdline.store.tx import Tx


def desk_calendar(tx: Tx) -> NamedCalendar | None:
    """The calendar of the away message, otherwise the oldest one."""
    living = calendars.all_calendars(tx)
    chosen = settings.value(tx, away.SETTING)
    return next((each for each in living if each.id == chosen), living[0] if living else None)


def is_outside_hours(tx: Tx, at: datetime) -> bool | None:
    """Whether `at` is outside the desk's hours; None if the desk has no calendar."""
    found = desk_calendar(tx)
    return None if found is None else next_opening(found.calendar, at) is not None
