"""Buttons as plain rows, in one form for the outbox and for edited windows."""

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
"""Event of a dialog's life → the button that triggers it."""
EDIT_VERBS: Mapping[str, DialogVerb] = {
    "title": DialogVerb.EDIT_TITLE,
    "type": DialogVerb.EDIT_TYPE,
    "participants": DialogVerb.EDIT_PARTICIPANTS,
    "reasons": DialogVerb.EDIT_REASONS,
    "components": DialogVerb.EDIT_COMPONENTS,
    "tags": DialogVerb.EDIT_TAGS,
}
"""Field of a card → the button that opens its form."""
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
    """A link to a topic of a supergroup. None for a private chat, which cannot be linked to."""
    bare = str(chat_id)
    if thread_id is None or not bare.startswith("-100"):
        return None
    return f"https://t.me/c/{bare[4:]}/{thread_id}"


def arrange_in_rows(buttons: Iterable[Button], width: int = 2) -> ButtonRows:
    """The buttons in rows of `width`."""
    flat = list(buttons)
    return [flat[i : i + width] for i in range(0, len(flat), width)]


def inline_keyboard(rows: Sequence[Sequence[Mapping[str, str]]]) -> dict[str, Any]:
    """The keyboard in the form of the Bot API."""
    return {"inline_keyboard": [[_wire(button) for button in row] for row in rows if row]}


def _wire(button: Mapping[str, str]) -> dict[str, str]:
    if "url" in button:
        return {"text": button["text"], "url": button["url"]}
    return {"text": button["text"], "callback_data": button["data"]}


def with_confirmation(before: ButtonRows, question: list[Button], *, below: str) -> ButtonRows:
    """The keyboard with a question under the button with the data `below`. A change of state needs this second tap
    (L-52).
    """
    rows = without_confirmation(before)
    at = next(
        (n for n, row in enumerate(rows, 1) if any(button.get("data") == below for button in row)), len(rows)
    )
    return [*rows[:at], question, *rows[at:]]


def without_confirmation(shown: ButtonRows) -> ButtonRows:
    """The keyboard without its question."""
    return [row for row in shown if not any(verb_on(button) in _CONFIRMATIONS for button in row)]


def verb_on(button: Button) -> Verb | None:
    """The verb, or None for a link and for a button that is not ours."""
    return verb_of(button.get("data", ""))
