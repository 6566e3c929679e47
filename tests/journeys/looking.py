"""What a person sees in a message: its text, its buttons, its kind."""

from collections.abc import Callable
from typing import Any

Message = dict[str, Any]


def rows_of(message: Message) -> list[list[dict[str, str]]]:
    return list(message.get("reply_markup", {}).get("inline_keyboard", []))


def captions(message: Message) -> list[str]:
    return [button["text"] for row in rows_of(message) for button in row]


def kind_of(message: Message) -> str:
    known = ("text", "photo", "video", "animation", "audio", "voice", "video_note", "document", "sticker", "venue",
             "location", "contact", "poll", "dice", "story", "forum_topic_created", "forum_topic_edited",
             "pinned_message")  # fmt: skip
    return next((name for name in known if name in message), "?")


def words_of(message: Message) -> str:
    return str(message.get("text", message.get("caption", "")))


def is_info_card(message: Message) -> bool:
    return any(b.get("callback_data", "").startswith(("dlg.", "card.dialogs")) for row in rows_of(message) for b in row
               ) and "Status" in words_of(message)  # fmt: skip


def found(messages: list[Message], test: "str | Callable[[Message], Any]", after: int) -> Message | None:
    for message in messages:
        if not message["from_bot"] or message["message_id"] <= after:
            continue
        if words_of(message) == test if isinstance(test, str) else test(message):
            return message
    return None
