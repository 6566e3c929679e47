"""What a close records: the closer's input, and the input of a request to close."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from holdline.dialogs.event import Actor
from holdline.dialogs.text.choices import require_one_of

REQUESTED = ("customer_score", "reason", "comment", "root_cause", "outcome")
"""The fields of a close that a request to close can fill in."""
OUTCOMES = ("success", "failure")


@dataclass(frozen=True, slots=True)
class CloseReason:
    """A reason that the desk offers. `outcome` is how such a case ended, or None if the reason does not say."""

    id: int
    name: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """What the closer gives. `send_rating_form` None means the desk's default.

    Fields left out are taken from the request to close with this `request_id`: None means the newest one, 0 means
    none.
    """

    customer_score: int | None = None
    send_rating_form: bool | None = None
    reason: str | None = None
    comment: str | None = None
    root_cause: str | None = None
    outcome: str | None = None
    """success or failure."""
    request_id: int | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The fields a request can fill in that have a value here."""
        return {name: value for name in REQUESTED if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class CloseRequest:
    """`id` is the id of its line in history. `asked` are the Telegram ids of the managers who were asked.

    `asked` is None for old requests that did not record it. An empty tuple means that others had been asked shortly
    before.
    """

    id: int
    by: Actor
    told: dict[str, Any]
    at: datetime
    asked: tuple[int, ...] | None

    @property
    def score(self) -> int | None:
        return self.told.get("customer_score")


def valid_outcome(outcome: str | None) -> str | None:
    """The outcome, checked; None leaves it to the manager who closes."""
    return None if outcome is None else require_one_of(outcome, OUTCOMES, field="outcome")


def find_reason(reasons: Iterable[CloseReason], written: str | None) -> CloseReason | None:
    """The reason with that name, ignoring case; None if the text is not one of the desk's reasons."""
    wanted = (written or "").strip().casefold()
    return next((reason for reason in reasons if reason.name.casefold() == wanted), None)


def fill_from_reason(closing: Closing, reasons: Iterable[CloseReason]) -> Closing:
    """Uses the desk's spelling of an offered reason, and its outcome if none was given."""
    reason = find_reason(reasons, closing.reason)
    if reason is None:
        return closing
    return replace(closing, reason=reason.name, outcome=closing.outcome or reason.outcome)


def fill_from_request(closing: Closing, request: CloseRequest | None) -> Closing:
    """Fills the fields that the closer left out from the request."""
    requested = request.told if request is not None else {}
    return replace(
        closing,
        **{name: requested[name] for name in REQUESTED if name in requested and name not in closing.given},
    )


def scorer_of(closing: Closing, request: CloseRequest | None, *, closer: Actor) -> Actor | None:
    """Who gave the recorded score, or None if there is none."""
    if closing.customer_score is not None:
        return closer
    return request.by if request is not None and request.score is not None else None
