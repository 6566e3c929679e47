"""Buttons as plain rows: what the outbox stores and what an edited window shows are the same shape."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import Argument, DialogVerb, Verb, button_data, verb_of

Button = dict[str, str]
ButtonRows = list[list[Button]]

LABEL_LIMIT = 48  # longer captions are cut by phones anyway
STATE_ICONS = {"active": "▶️", "paused": "⏸", "closed": "✅"}
OVERDUE_ICON = "❗"
MOVE_VERBS: Mapping[str, DialogVerb] = {
    "pause": DialogVerb.PAUSE,
    "resume": DialogVerb.RESUME,
    "close": DialogVerb.CLOSE,
}
"""Event of a dialog's life → the button that sets it off."""
EDIT_VERBS: Mapping[str, DialogVerb] = {
    "title": DialogVerb.EDIT_TITLE,
    "type": DialogVerb.EDIT_TYPE,
    "participants": DialogVerb.EDIT_PARTICIPANTS,
    "reasons": DialogVerb.EDIT_REASONS,
    "components": DialogVerb.EDIT_COMPONENTS,
    "tags": DialogVerb.EDIT_TAGS,
}
"""Field of a card → the button that opens its form there."""
_CONFIRMATIONS = frozenset({DialogVerb.CONFIRM_PAUSE, DialogVerb.CONFIRM_RESUME})


def callback_button(text: str, verb: Verb, *args: Argument) -> Button:
    """A button of our own: `callback_button("Pause", DialogVerb.PAUSE, 12)`."""
    return {"text": ellipsize(text), "data": button_data(verb, *args)}


def url_button(text: str, url: str) -> Button:
    return {"text": ellipsize(text), "url": url}


def ellipsize(text: str, limit: int = LABEL_LIMIT) -> str:
    """One line, cut with an ellipsis."""
    line = " ".join(text.split()) or "…"
    return truncate(line, limit)


def topic_url(chat_id: int, thread_id: int | None) -> str | None:
    """Only topics of supergroups can be linked to; a private chat has no address."""
    bare = str(chat_id)
    if thread_id is None or not bare.startswith("-100"):
        return None
    return f"https://t.me/c/{bare[4:]}/{thread_id}"


def arrange_in_rows(buttons: Iterable[Button], width: int = 2) -> ButtonRows:
    """The same buttons, `width` to a row."""
    flat = list(buttons)
    return [flat[i : i + width] for i in range(0, len(flat), width)]


def inline_keyboard(rows: Sequence[Sequence[Mapping[str, str]]]) -> dict[str, Any]:
    """The Bot API's shape."""
    return {"inline_keyboard": [[_wire(button) for button in row] for row in rows if row]}


def _wire(button: Mapping[str, str]) -> dict[str, str]:
    if "url" in button:
        return {"text": button["text"], "url": button["url"]}
    return {"text": button["text"], "callback_data": button["data"]}


def with_confirmation(before: ButtonRows, question: list[Button], *, below: str) -> ButtonRows:
    """The keyboard, and under the button with the data `below` the second tap that a change of state needs (L-52)."""
    rows = without_confirmation(before)
    at = next(
        (n for n, row in enumerate(rows, 1) if any(button.get("data") == below for button in row)), len(rows)
    )
    return [*rows[:at], question, *rows[at:]]


def without_confirmation(shown: ButtonRows) -> ButtonRows:
    """The keyboard without its question."""
    return [row for row in shown if not any(verb_on(button) in _CONFIRMATIONS for button in row)]


def verb_on(button: Button) -> Verb | None:
    """None on a link, and on a button that is not ours."""
    return verb_of(button.get("data", ""))
