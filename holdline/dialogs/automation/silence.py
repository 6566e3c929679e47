"""What happens to a dialog whose customer does not answer: a warning, then the close, unless somebody writes in
between.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdline.dialogs.automation.habits import Habits


@dataclass(frozen=True, slots=True)
class LastReply:
    """A manager's reply that is the last message of an active dialog."""

    message_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Warned:
    """`delivered_at`: when the customer got the warning, or None if it is still on its way.

    `lost`: it never arrived.
    """

    message_id: int
    closes_at: datetime
    delivered_at: datetime | None
    lost: bool = False


class Outlook(StrEnum):
    """What to do now: nothing, warn, wait longer, close, or forget a warning that no longer applies."""

    NOTHING = "nothing"
    WARN = "warn"
    WAIT = "wait"
    CLOSE = "close"
    FORGET = "forget"


def outlook(habits: Habits, reply: LastReply | None, warned: Warned | None, *, at: datetime) -> Outlook:
    """`reply` is None if the customer is not the one who is silent. A dialog is closed only after its customer has had
    the warning for long enough.
    """
    closes_after = habits.closes_after
    if closes_after is None or reply is None:
        return Outlook.FORGET if warned is not None else Outlook.NOTHING
    if warned is not None and warned.message_id == reply.message_id:
        return _after_warning(habits, warned, at=at)
    return Outlook.WARN if at >= reply.at + closes_after - habits.warns_before else Outlook.NOTHING


def time_of_close(habits: Habits, reply: LastReply, *, at: datetime) -> datetime:
    """When the dialog of a customer who is warned now will close: never earlier than the warning promises."""
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
"""Allows for the seconds between writing a warning and sending it."""
