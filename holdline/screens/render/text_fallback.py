"""Describes content as text if Telegram does not let us show it."""

from typing import Any

from holdline.desk.notices.content_label import kind_key
from holdline.dialogs.message import Content
from holdline.dialogs.text.richtext import RichText, lines, with_mark
from holdline.texts import say


def describe_as_text(content: Content, language: str) -> RichText:
    """The kind, its known details, and its caption."""
    kind = say(kind_key(content), language)
    label = with_mark(say("cards.in_words", language, kind=kind), "italic")
    return lines(label, RichText("\n".join(_details(content.data))), RichText(content.text, content.entities))


def _details(data: dict[str, Any]) -> list[str]:
    question = data.get("question")
    named = [data.get(name) for name in ("emoji", "file_name", "title", "address", "first_name", "last_name")]
    where = [data.get(name) for name in ("latitude", "longitude")]
    return [
        *([str(question)] if question else []),
        *(f"• {option}" for option in data.get("options", [])),
        *(str(value) for value in [*named, data.get("phone_number")] if value),
        *([", ".join(map(str, where))] if None not in where else []),
    ]
