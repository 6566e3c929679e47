"""One line of the card: the open SLA clocks and their due times."""

from holdline.dialogs.dialog import Dialog
from holdline.dialogs.sla.clock import BREACHED, FROZEN, SlaClock
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.texts import say


def sla_line(dialog: Dialog, language: str, *, zone: str) -> str:
    """Empty if no policy applies or no clock is open."""
    if dialog.sla is None:
        return ""
    still = [_clock(clock, language, zone) for clock in dialog.sla.clocks if clock.stopped_at is None]
    return f"{inline(dialog.sla.policy)} · {' · '.join(still)}" if still else ""


def _clock(clock: SlaClock, language: str, zone: str) -> str:
    what = say(f"time.clock_{clock.name}", language)
    if clock.state == FROZEN:
        return say("time.clock_frozen", language, what=what)
    at = in_zone(clock.due_at, zone)
    key = "time.clock_late" if clock.state == BREACHED else "time.clock_running"
    return say(key, language, what=what, at=f"{at:%Y-%m-%d %H:%M} {zone}")
