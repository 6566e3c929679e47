"""Times as the desk shows them: in a time zone that is always named."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.splitting import truncate

UTC_NAME = "UTC"
_LONGEST_NAME = 64


@lru_cache(maxsize=32)
def zone_of(name: str) -> tzinfo:
    """Raises ValueError if this machine does not know the time zone. UTC is always known."""
    if name == UTC_NAME:
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, LookupError) as unknown:
        raise ValueError(f"no time zone {name!r}") from unknown


def require_zone(name: str) -> None:
    """Raises BadInput if this machine does not know the time zone."""
    try:
        zone_of(name)
    except ValueError as unknown:
        raise BadInput("timezone", "time.zone", name=truncate(name, _LONGEST_NAME)) from unknown


def to_rfc3339(at: datetime) -> str:
    """The format of history and the API. `at` must be in UTC."""
    return at.isoformat().replace("+00:00", "Z")


def moment_text(at: datetime, zone: str) -> str:
    """“2026-12-01 18:00 Europe/Warsaw”."""
    return f"{minute_text(at, zone)} {zone}"


def minute_text(at: datetime, zone: str) -> str:
    """“2026-12-01 18:00”, for places that name the time zone elsewhere."""
    return f"{in_zone(at, zone):%Y-%m-%d %H:%M}"


def in_zone(at: datetime, name: str) -> datetime:
    return at.astimezone(zone_of(name))
