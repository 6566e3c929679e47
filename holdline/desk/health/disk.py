"""What a full or read-only disk means for the desk, in sentences for those who monitor and those who administer it."""

from datetime import timedelta

from holdline.desk.notices.alarms import notify_editors
from holdline.store.engines.disk_reserve import MEGABYTE, DiskReserve, is_disk_read_only
from holdline.store.screens import settings
from holdline.store.tx import Tx

_TROUBLE = "disk_trouble"
_WORTH_TELLING = timedelta(days=1)


def disk_reasons(reserve: DiskReserve | None) -> list[str]:
    """The reason against readiness while writes are refused; empty otherwise."""
    if reserve is None:
        return []
    if is_disk_read_only(reserve.path.parent):
        return [
            f"The disk of {reserve.path.parent} is read-only: nothing is taken in and nothing is sent, and nothing is"
            " lost. Make a copy on another disk with `holdline backup --to`, look at the system's log, and mount the"
            " disk to read and write; the desk goes on by itself."
        ]
    if not reserve.is_full:
        return []
    return [
        f"The disk of {reserve.path.parent} is full: nothing is taken in and nothing is sent, and nothing is lost."
        " Free some space there; the desk goes on by itself."
    ]


def disk_notes(reserve: DiskReserve | None) -> list[str]:
    """The warning while the desk works without its reserve."""
    if reserve is None or reserve.is_full or not reserve.is_missing:
        return []
    return [
        f"The disk of {reserve.path.parent} is almost full: the reserve of {reserve.size // MEGABYTE} MB is used up"
        f" or has no room. Free {reserve.needed // MEGABYTE} MB there before the desk has to stop;"
        " the reserve then comes back by itself."
    ]


def notify_of_disk_reserve(tx: Tx, *, reserve: DiskReserve, was_used: bool) -> None:
    """Notifies administrators once when the reserve is used up or has no room, and once when there is room again.

    `was_used`: since the last call. Then both may be over already, because a disk without any room takes no notice.
    """
    since = settings.value(tx, _TROUBLE)
    if reserve.is_missing and since is None:
        since = tx.at.isoformat()
        settings.put(tx, _TROUBLE, since)
        words = {"megabytes": reserve.size // MEGABYTE, "needed": reserve.needed // MEGABYTE}
        notify_editors(tx, "desk_notices.disk_almost_full", words, cause=since, lasts=_WORTH_TELLING)
    elif not reserve.is_missing and (since is not None or was_used):
        settings.put(tx, _TROUBLE, None)
        cause = since or tx.at.isoformat()
        notify_editors(tx, "desk_notices.disk_has_room", {}, cause=cause, lasts=_WORTH_TELLING)
