"""How long a text may be, and how its length is counted: the one place that knows.

Telegram counts UTF-16 code units, in which an emoji is two; the data of a button is counted in bytes.
"""

from holdline.dialogs.refusal import BadInput

TEXT_LIMIT = 4096  # Bot API, sendMessage
CAPTION_LIMIT = 1024  # Bot API, what a bot may send; a person with Premium may write more
TOPIC_NAME_LIMIT = 128  # Bot API, createForumTopic
TOAST_LIMIT = 200  # Bot API, answerCallbackQuery
BUTTON_TEXT_LIMIT = 64  # longer captions are cut by every app
BUTTON_DATA_LIMIT = 64  # Bot API, InlineKeyboardButton; bytes
COMMAND_DESCRIPTION_LIMIT = 256  # Bot API, BotCommand
HEADER_ROOM = 256
"""Units kept free in the first part of a text where a header line will stand above it."""

NAME_LIMIT = 64
REPLY_LIMIT = 20_000
"""Ours: what a manager may say at once through the API; it is sent in parts."""
OUTBOUND_LIMIT = 8192
"""Ours: what an outside tool may say at once; 4,096 characters, each an emoji, and sent in parts."""

ASTRAL = 0x10000


def length(text: str) -> int:
    """UTF-16 code units: a character outside the basic plane counts two."""
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for char in text if ord(char) >= ASTRAL)


def fits(text: str, limit: int) -> bool:
    """Whether Telegram takes it; most texts are too short for their units to matter."""
    return len(text) * 2 <= limit or length(text) <= limit


def refuse_too_long(written: str, limit: int, *, field: str) -> None:
    """BadInput with both numbers, counted as Telegram counts."""
    if not fits(written, limit):
        raise BadInput(field, "mends.too_long", limit=limit, length=length(written))


def fits_button(data: str) -> bool:
    """Whether Telegram takes it as the data of a button."""
    return len(data.encode()) <= BUTTON_DATA_LIMIT


def characters_within(text: str, limit: int) -> int:
    """How many characters from the start of the text have at most `limit` units."""
    if fits(text, limit):
        return len(text)
    units = 0
    for at, char in enumerate(text):
        units += 2 if ord(char) >= ASTRAL else 1
        if units > limit:
            return at
    return len(text)
