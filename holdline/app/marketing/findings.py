"""Checks the quiet hours and the cap: what they mean, and whether any time for marketing is left."""

from datetime import datetime, timedelta

from holdline.app.check.results import GOOD, WARNING, Finding
from holdline.app.settings import Settings
from holdline.dialogs.marketing.customer_days import QuietHours

_LEAST = timedelta(hours=4)
_DAY = timedelta(days=1)


def findings_on_hours(settings: Settings) -> list[Finding]:
    """Empty if neither quiet hours nor a cap is set."""
    marketing, findings = settings.marketing, []
    clock = f"on each customer's clock; where nobody has told it, on that of {settings.desk.time_zone}"
    if hours := marketing.hours:
        sentence = f"Funnels and broadcasts wait from {hours.begin:%H:%M} to {hours.end:%H:%M} {clock}."
        findings.append(Finding(GOOD, "quiet_hours", sentence))
    if hours and _DAY - _length(hours) < _LEAST:
        sentence = f"marketing.quiet_hours leave less than {_LEAST.seconds // 3600} hours of a day."
        findings.append(
            Finding(WARNING, "quiet_hours_long", sentence, "Look whether both times are meant so.")
        )
    if marketing.cap_per_day:
        most = f"at most {marketing.cap_per_day} messages of funnels and broadcasts a day"
        sentence = f"A customer gets {most}, counted {clock}."
        findings.append(Finding(GOOD, "cap_per_day", sentence))
    return findings


def _length(hours: QuietHours) -> timedelta:
    day = datetime(2026, 1, 1)  # any day: only the difference counts
    length = datetime.combine(day, hours.end) - datetime.combine(day, hours.begin)
    return length if length > timedelta() else length + _DAY
