"""A Screen is text with buttons; a UiResponse is what is shown after the commit."""

from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.text.limits import TEXT_LIMIT, length
from holdline.dialogs.text.splitting import truncate
from holdline.screens.keyboards import ButtonRows

Entities = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """Formatting travels as entities: names and titles are hostile text."""

    text: str
    rows: ButtonRows = field(default_factory=list)
    entities: Entities = ()


@dataclass(frozen=True, slots=True)
class UiResponse:
    """`window` replaces the pressed message, `rows` only its buttons; `toast` answers the press itself.

    `at` names another message to replace: that of a form which was answered by typing. `beside` changes as well.
    """

    toast: str = ""
    alert: bool = False
    window: Screen | None = None
    rows: ButtonRows | None = None
    at: tuple[int, int] | None = None
    beside: "UiResponse | None" = None


def screen_with_title(title: str, *lines: str, rows: ButtonRows | None = None) -> Screen:
    """A bold first line, then the rest."""
    head = " ".join(title.split()) or "…"
    text = truncate("\n".join((head, *lines)), TEXT_LIMIT)
    bold = {"type": "bold", "offset": 0, "length": min(length(head), length(text))}
    return Screen(text, rows or [], (bold,))
