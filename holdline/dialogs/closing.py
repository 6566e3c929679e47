"""What a close records: what the closer gives, and what a request to close has asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from holdline.dialogs.event import Actor
from holdline.dialogs.text.choices import require_one_of

REQUESTED = ("customer_score", "reason", "comment", "root_cause", "outcome")
"""What a request to close tells for the close."""
OUTCOMES = ("success", "failure")


@dataclass(frozen=True, slots=True)
class CloseReason:
    """A reason that the desk offers; `outcome` is how such a case ended, None where it does not say."""

    id: int
    name: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """`send_rating_form` None means the desk's default.

    What is left out is taken from a request to close: the one of that `request_id`, None for the newest, 0 for none.
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
        """The fields that a request can tell, as far as they are filled in."""
        return {name: value for name in REQUESTED if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class CloseRequest:
    """`id` is its line of history; `asked` are the Telegram ids of those who were asked.

    None where that was not recorded yet: somebody was. An empty tuple: others had been asked shortly before.
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
    """None where it is left to whoever closes."""
    return None if outcome is None else require_one_of(outcome, OUTCOMES, field="outcome")


def find_reason(reasons: Iterable[CloseReason], written: str | None) -> CloseReason | None:
    """The one of that name, in whatever case; None for words of somebody's own."""
    wanted = (written or "").strip().casefold()
    return next((reason for reason in reasons if reason.name.casefold() == wanted), None)


def fill_from_reason(closing: Closing, reasons: Iterable[CloseReason]) -> Closing:
    """A reason that the desk offers is written as the desk writes it, and says the outcome that nobody gave."""
    reason = find_reason(reasons, closing.reason)
    if reason is None:
        return closing
    return replace(closing, reason=reason.name, outcome=closing.outcome or reason.outcome)


def fill_from_request(closing: Closing, request: CloseRequest | None) -> Closing:
    """With what the request tells and the closer left out."""
    requested = request.told if request is not None else {}
    return replace(
        closing,
        **{name: requested[name] for name in REQUESTED if name in requested and name not in closing.given},
    )


def scorer_of(closing: Closing, request: CloseRequest | None, *, closer: Actor) -> Actor | None:
    """Who has given the score that is recorded; None where there is none."""
    if closing.customer_score is not None:
        return closer
    return request.by if request is not None and request.score is not None else None
