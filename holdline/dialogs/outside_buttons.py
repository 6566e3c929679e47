"""Buttons of an outside tool: on the wire their data has a prefix of its own, so it is never a verb of the desk."""

from collections.abc import Iterator, Sequence
from typing import Any

from holdline.dialogs.text.limits import fits_button

PREFIX = "out:"
_POSITION = "out@"

Rows = Sequence[Sequence[dict[str, Any]]]


def wire_rows(rows: Rows) -> list[list[dict[str, Any]]]:
    """The rows as Telegram gets them; links stay as they are."""
    return [
        [
            {**button, "data": _wire_data(button["data"], line, column)} if button.get("data") else button
            for column, button in enumerate(row)
        ]
        for line, row in enumerate(rows)
    ]


def data_of_press(rows: Rows, on_the_wire: str) -> str | None:
    """The tool's own data of the button that was pressed; None where the message has no such button.

    Messages from before the prefix carry the tool's data as it is.
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
    """Where the prefix leaves no room for it, the place of the button stands for the data."""
    prefixed = PREFIX + data
    return prefixed if fits_button(prefixed) else f"{_POSITION}{line}.{column}"
