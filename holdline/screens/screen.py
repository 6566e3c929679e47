"""Screen is text with buttons. UiResponse is what to show after the commit."""

from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.text.limits import TEXT_LIMIT, length
from holdline.dialogs.text.splitting import truncate
from holdline.screens.keyboards import ButtonRows

Entities = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """Formatting is stored as entities, because names and titles are untrusted text."""

    text: str
    rows: ButtonRows = field(default_factory=list)
    entities: Entities = ()


@dataclass(frozen=True, slots=True)
class UiResponse:
    """`window` replaces the pressed message, `rows` only its buttons. `toast` answers the press itself.

    `at` names another message to replace: that of a form that was answered by typing. `beside` is a further change.
    """

    toast: str = ""
    alert: bool = False
    window: Screen | None = None
    rows: ButtonRows | None = None
    at: tuple[int, int] | None = None
    beside: "UiResponse | None" = None


def screen_with_title(title: str, *lines: str, rows: ButtonRows | None = None) -> Screen:
    """A bold first line, then the other lines."""
    head = " ".join(title.split()) or "…"
    text = truncate("\n".join((head, *lines)), TEXT_LIMIT)
    bold = {"type": "bold", "offset": 0, "length": min(length(head), length(text))}
    return Screen(text, rows or [], (bold,))
