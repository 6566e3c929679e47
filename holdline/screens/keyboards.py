"""Buttons as plain rows: what the outbox stores and what an edited window shows are the same shape."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from holdline.dialogs.text.limits import BUTTON_DATA_LIMIT, fits_button
from holdline.dialogs.text.splitting import truncate

Button = dict[str, str]
ButtonRows = list[list[Button]]

LABEL_LIMIT = 48  # longer captions are cut by phones anyway
STATE_ICONS = {"active": "▶️", "paused": "⏸", "closed": "✅"}
CONFIRM_MARK = "!"


def callback_button(text: str, *data: object) -> Button:
    """A button of our own: `press("Pause", "dlg.pause", 12)`. ValueError where Telegram would refuse the data."""
    joined = ":".join(str(part) for part in data)
    if not fits_button(joined):
        raise ValueError(f"callback data is longer than {BUTTON_DATA_LIMIT} bytes: {joined!r}")
    return {"text": ellipsize(text), "data": joined}


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


def with_confirmation(shown: ButtonRows, sure: Button, keep: Button) -> ButtonRows:
    """The keyboard as it is, and under the pressed button the second tap that a change of state needs (L-52)."""
    rows, first = without_confirmation(shown), sure["data"].replace(CONFIRM_MARK, "", 1)
    at = next(
        (n for n, row in enumerate(rows, 1) if any(button.get("data") == first for button in row)), len(rows)
    )
    return [*rows[:at], [sure, keep], *rows[at:]]


def without_confirmation(shown: ButtonRows) -> ButtonRows:
    """The keyboard without its question."""
    return [row for row in shown if not any(_is_question(button) for button in row)]


def _is_question(button: Button) -> bool:
    verb = button.get("data", "").partition(":")[0]
    return verb.endswith(CONFIRM_MARK)
