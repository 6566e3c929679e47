"""A window is text with buttons; a reaction is what is shown after the commit."""

from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.text.limits import TEXT_LIMIT, length
from holdline.dialogs.text.splitting import capped
from holdline.screens.keyboards import Rows

Entities = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Formatting travels as entities: names and titles are hostile text."""

    text: str
    rows: Rows = field(default_factory=list)
    entities: Entities = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """`window` replaces the pressed message, `rows` only its buttons; `toast` answers the press itself.

    `at` names another message to replace: that of a form which was answered by typing. `beside` changes as well.
    """

    toast: str = ""
    alert: bool = False
    window: Window | None = None
    rows: Rows | None = None
    at: tuple[int, int] | None = None
    beside: "Reaction | None" = None


def titled(title: str, *lines: str, rows: Rows | None = None) -> Window:
    """A bold first line, then the rest."""
    head = " ".join(title.split()) or "…"
    text = capped("\n".join((head, *lines)), TEXT_LIMIT)
    bold = {"type": "bold", "offset": 0, "length": min(length(head), length(text))}
    return Window(text, rows or [], (bold,))
