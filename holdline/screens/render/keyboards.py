"""Converts buttons of outbox items, whose captions may be text keys, into Telegram's form."""

from collections.abc import Iterable
from typing import Any

from holdline.dialogs.text.limits import BUTTON_TEXT_LIMIT, fits_button
from holdline.screens.keyboards import ButtonRows, ellipsize, inline_keyboard
from holdline.texts import say

ReplyMarkup = dict[str, Any]


def keyboard(buttons: Iterable[Any] | None, language: str) -> ReplyMarkup:
    """`reply_markup`, or nothing if there are no buttons. In a flat list each button is a row."""
    rows = rows_of(buttons, language)
    return {"reply_markup": inline_keyboard(rows)} if rows else {}


def rows_of(buttons: Iterable[Any] | None, language: str) -> ButtonRows:
    """All buttons, with their captions as text."""
    rows = [row if isinstance(row, list) else [row] for row in buttons or ()]
    spoken = [[_localize(button, language) for button in row if _pressable(button)] for row in rows]
    return [row for row in spoken if row]


def _localize(button: dict[str, Any], language: str) -> dict[str, str]:
    caption = say(button["key"], language, **button.get("words", {})) if "key" in button else button["text"]
    aim = {"url": button["url"]} if button.get("url") else {"data": button["data"]}
    return {"text": ellipsize(str(caption), BUTTON_TEXT_LIMIT), **aim}


def _pressable(button: Any) -> bool:
    """Whether the button is valid. One invalid button would make Telegram refuse the whole message."""
    if not isinstance(button, dict) or not (button.get("text") or button.get("key")):
        return False
    data = button.get("data")
    return bool(button.get("url")) or bool(data and fits_button(str(data)))
