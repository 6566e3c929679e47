"""Buttons of an outside tool. Their callback data gets a prefix, so that it is never taken for a verb of the desk."""

from collections.abc import Iterator, Sequence
from typing import Any

from holdline.dialogs.text.limits import fits_button

PREFIX = "out:"
_POSITION = "out@"

Rows = Sequence[Sequence[dict[str, Any]]]


def wire_rows(rows: Rows) -> list[list[dict[str, Any]]]:
    """The rows as sent to Telegram. Links stay unchanged."""
    return [
        [
            {**button, "data": _wire_data(button["data"], line, column)} if button.get("data") else button
            for column, button in enumerate(row)
        ]
        for line, row in enumerate(rows)
    ]


def is_on_the_wire(data: str) -> bool:
    """Whether the callback data belongs to a button of an outside tool, not to one of the desk."""
    return data.startswith((PREFIX, _POSITION))


def data_of_press(rows: Rows, on_the_wire: str) -> str | None:
    """The tool's own data for the pressed button, or None if the message has no such button.

    Messages sent before the prefix existed carry the tool's data unchanged.
    """
    for line, column, data in _with_data(rows):
        if on_the_wire in (_wire_data(data, line, column), data):
            return data
    return None


def _with_data(rows: Rows) -> Iterator[tuple[int, int, str]]:
    for line, row in enumerate(rows):
        for column, button in enumerate(row):
            if button.get("data"):
                yield line, column, str(button["data"])


def _wire_data(data: str, line: int, column: int) -> str:
    """The data with the prefix. If that is too long, the button's position replaces the data."""
    prefixed = PREFIX + data
    return prefixed if fits_button(prefixed) else f"{_POSITION}{line}.{column}"
