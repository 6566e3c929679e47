"""Whether a marketing message may be sent now: asked for each one in the transaction that starts its call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdline.dialogs.customer import Customer


@dataclass(frozen=True, slots=True)
class Ended:
    """It is never sent. `status`: cancelled, dropped or expired; `reason` is kept with the item."""

    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """It is decided again at `until`; `reason` is shown as what it waits for.

    `for_all`: so is whatever else of funnels and broadcasts is due to this customer.
    """

    until: datetime
    reason: str
    for_all: bool = False


Verdict = Ended | Postponed | None
"""None: it may be sent."""


def admit_to_customer(customer: Customer | None) -> Verdict:
    """Whether that person takes marketing at all."""
    if customer is None:
        return Ended("cancelled", "no such customer")
    if customer.opted_out_at is not None:
        return Ended("cancelled", "opted_out")
    return Ended("cancelled", customer.reach) if customer.reach != "ok" else None


def admit_topic(choice: bool | None) -> Verdict:
    """What the customer has decided about the message's topic; None: nothing."""
    return Ended("cancelled", "opted_out") if choice is False else None


LOOKS_AGAIN_AFTER = timedelta(hours=1)
"""What was paused is looked at again; going on makes it due at once."""


def admit_by_funnel(*, is_running: bool, is_active: bool, at: datetime) -> Verdict:
    """Whether the enrolment it comes from still goes on, and its funnel is not paused."""
    if not is_running:
        return Ended("cancelled", "funnel_left")
    return None if is_active else Postponed(at + LOOKS_AGAIN_AFTER, "paused")
