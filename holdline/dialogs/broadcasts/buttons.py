"""Presses of a broadcast's buttons, summed up for each button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ButtonPresses:
    """`people`: how many customers have pressed it at least once."""

    text: str
    data: str
    presses: int = 0
    people: int = 0


def list_presses(
    rows: Sequence[Sequence[Mapping[str, Any]]], counts: Mapping[str, tuple[int, int]]
) -> tuple[ButtonPresses, ...]:
    """In the order of the buttons, also those that nobody has pressed. Telegram reports no presses of links. Buttons
    with the same data cannot be distinguished, so they are one.
    """
    captions: dict[str, str] = {}
    for row in rows:
        for button in row:
            if button.get("data"):
                captions.setdefault(str(button["data"]), str(button["text"]))
    return tuple(ButtonPresses(text, data, *counts.get(data, (0, 0))) for data, text in captions.items())
