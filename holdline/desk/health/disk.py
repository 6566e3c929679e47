"""What a full disk means for the desk, in sentences for those who monitor it."""

from holdline.store.engines.disk_reserve import MEGABYTE, DiskReserve


def disk_reasons(reserve: DiskReserve | None) -> list[str]:
    """The reason against readiness while writes are refused; empty otherwise."""
    if reserve is None or not reserve.is_full:
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
