"""Both ratings are numbers from 1 to 3: the customer rates the desk, the manager scores the customer."""

from datetime import timedelta

from holdline.dialogs.refusal import BadInput

SCALE = (1, 2, 3)
LOWEST = SCALE[0]
ANSWER_WINDOW = timedelta(days=7)


def valid(value: object, *, field: str) -> int:
    """The value itself. Raises BadInput with the name of the field if it is not on the scale."""
    if isinstance(value, bool) or not isinstance(value, int) or value not in SCALE:
        raise BadInput(field, "1, 2 or 3")
    return value
