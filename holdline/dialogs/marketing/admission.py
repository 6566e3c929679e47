"""Whether a marketing message may be sent now. Asked for each message in the transaction that starts its call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdline.dialogs.customer import Customer


@dataclass(frozen=True, slots=True)
class Ended:
    """The message is never sent. `status`: cancelled, dropped or expired. `reason` is stored with the item."""

    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """The message is decided again at `until`. `reason` is shown as what it waits for.

    `for_all`: all other due messages of funnels and broadcasts to this customer are postponed too.
    """

    until: datetime
    reason: str
    for_all: bool = False


Verdict = Ended | Postponed | None
"""None means that it may be sent."""


def admit_to_customer(customer: Customer | None) -> Verdict:
    """Whether the customer accepts marketing at all and can be reached."""
    if customer is None:
        return Ended("cancelled", "no such customer")
    if customer.opted_out_at is not None:
        return Ended("cancelled", "opted_out")
    return Ended("cancelled", customer.reach) if customer.reach != "ok" else None


def admit_topic(choice: bool | None) -> Verdict:
    """`choice` is the customer's decision about the message's topic; None means no decision."""
    return Ended("cancelled", "opted_out") if choice is False else None


LOOKS_AGAIN_AFTER = timedelta(hours=1)
"""When a paused message is checked again. Resuming makes it due at once."""


def admit_by_funnel(*, is_running: bool, is_active: bool, at: datetime) -> Verdict:
    """Whether the message's enrolment is still running and its funnel is not paused."""
    if not is_running:
        return Ended("cancelled", "funnel_left")
    return None if is_active else Postponed(at + LOOKS_AGAIN_AFTER, "paused")
