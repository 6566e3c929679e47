"""Durations as one number: minutes, then hours, then days."""

from datetime import timedelta

from holdline.texts import say

_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


def format_duration(length: timedelta, language: str) -> str:
    """“5 min”, “2 h”, “3 d”; at least a minute."""
    seconds = max(60, int(length.total_seconds()))
    unit, size = next((unit, size) for unit, size in _UNITS if seconds >= size)
    return say(f"cards.span_{unit}", language, n=seconds // size)
