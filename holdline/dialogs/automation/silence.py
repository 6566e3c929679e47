"""What becomes of a dialog whose customer does not answer: warned, then closed, unless something is said meanwhile."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdline.dialogs.automation.habits import Habits


@dataclass(frozen=True, slots=True)
class LastReply:
    """A colleague's reply that is the last word of an active dialog."""

    message_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Warned:
    """`delivered_at`: when the customer got the warning; None while it is on its way.

    `lost`: it never arrived.
    """

    message_id: int
    closes_at: datetime
    delivered_at: datetime | None
    lost: bool = False


class Outlook(StrEnum):
    """What is done now: nothing, the warning, the close, a longer wait; or the warning counts for nothing any more."""

    NOTHING = "nothing"
    WARN = "warn"
    WAIT = "wait"
    CLOSE = "close"
    FORGET = "forget"


def outlook(habits: Habits, reply: LastReply | None, warned: Warned | None, *, at: datetime) -> Outlook:
    """`reply` is None where the customer is not the silent one; only who has read the warning long enough is closed."""
    closes_after = habits.closes_after
    if closes_after is None or reply is None:
        return Outlook.FORGET if warned is not None else Outlook.NOTHING
    if warned is not None and warned.message_id == reply.message_id:
        return _after_warning(habits, warned, at=at)
    return Outlook.WARN if at >= reply.at + closes_after - habits.warns_before else Outlook.NOTHING


def time_of_close(habits: Habits, reply: LastReply, *, at: datetime) -> datetime:
    """Of a customer who is warned now: never earlier than the warning promises."""
    assert habits.closes_after is not None
    return max(reply.at + habits.closes_after, at + habits.warns_before)


def _after_warning(habits: Habits, warned: Warned, *, at: datetime) -> Outlook:
    if warned.lost:
        return Outlook.FORGET
    if at < warned.closes_at:
        return Outlook.NOTHING
    if warned.delivered_at is None or at < warned.delivered_at + habits.warns_before - GRACE:
        return Outlook.WAIT
    return Outlook.CLOSE


GRACE = timedelta(minutes=5)
"""A warning leaves some seconds after it was written."""
