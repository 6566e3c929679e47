"""Both ratings are numbers from 1 to 3: the customer rates the desk, the manager rates the customer."""

from datetime import datetime, timedelta

from holdline.dialogs.refusal import BadInput

SCALE = (1, 2, 3)
LOWEST = SCALE[0]
ANSWER_WINDOW = timedelta(days=7)


def valid(value: object, *, field: str) -> int:
    """The value itself, or a refusal that names the field."""
    if isinstance(value, bool) or not isinstance(value, int) or value not in SCALE:
        raise BadInput(field, "1, 2 or 3")
    return value


def verdict(*, answered: int | None, sent_at: datetime, at: datetime) -> str:
    """`counts`, `already` or `too_late`: the first tap is final and a week is long enough."""
    if answered is not None:
        return "already"
    return "too_late" if at - sent_at > ANSWER_WINDOW else "counts"
