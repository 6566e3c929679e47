"""Decides again about postponed marketing after the quiet hours, the daily cap or the desk's time zone has changed."""

from typing import Any

from holdline.store.broadcasts import put_off
from holdline.store.delivery import waiting_marketing
from holdline.store.screens import settings
from holdline.store.tx import Tx

SETTING = "marketing_days"
_AT_ONCE, _RECIPIENTS_AT_ONCE = 500, 2000


def have_days_changed(tx: Tx) -> bool:
    """Whether these settings have changed since the last start. Asked at each start, which reads the configuration."""
    return bool(settings.value(tx, SETTING) != _days(tx))


def decide_put_off_anew(tx: Tx, *, after: int) -> int | None:
    """Makes the next postponed messages after that id due and returns the last id, then recipients of broadcasts whose
    message is not written yet. If there are none, stores the new settings and returns None.
    """
    last = waiting_marketing.decide_all_anew(tx, after=after, limit=_AT_ONCE)
    if last is not None:
        return last
    if put_off.decide_all_anew(tx, limit=_RECIPIENTS_AT_ONCE):
        return after
    settings.put(tx, SETTING, _days(tx))
    return None


def _days(tx: Tx) -> dict[str, Any]:
    quiet = tx.rules.quiet_hours
    hours = f"{quiet.begin:%H:%M}-{quiet.end:%H:%M}" if quiet is not None else ""
    return {"quiet_hours": hours, "cap_per_day": tx.rules.cap_per_day, "time_zone": tx.rules.time_zone}
