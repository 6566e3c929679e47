"""Today's calls of a service over HTTP: its budget, and its last problem."""

from typing import Any

from holdline.store.screens import settings
from holdline.store.tx import Tx

TAGS, SMART_REPLIES = "tag_service", "smart_reply_service"


def take_service_call(tx: Tx, *, service: str, most: int) -> bool:
    """Takes one call from today's budget; returns False if none is left. It is spent before the call, so that a crash
    does not give it back.
    """
    today = service_day(tx, service=service)
    if today["calls"] >= most:
        return False
    settings.put(tx, f"{service}_day", {**today, "calls": today["calls"] + 1})
    return True


def note_service_problem(tx: Tx, *, service: str, problem: str) -> None:
    """Stores why the service failed; empty after an answer that could be read."""
    today = service_day(tx, service=service)
    if today["problem"] != problem:
        settings.put(tx, f"{service}_day", {**today, "problem": problem})


def service_day(tx: Tx, *, service: str) -> dict[str, Any]:
    """{"day", "calls", "problem"} of today; the problem is that of the last call, even if that was on another day."""
    stored, day = settings.value(tx, f"{service}_day", {}), tx.at.date().isoformat()
    calls = stored.get("calls", 0) if stored.get("day") == day else 0
    return {"day": day, "calls": calls, "problem": stored.get("problem", "")}
