"""The length limits of texts, and how length is counted.

Telegram counts UTF-16 code units, in which an emoji counts two. The data of a button is counted in bytes.
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
"""Units kept free in the first part of a text for the header line above it."""

NAME_LIMIT = 64
REPLY_LIMIT = 20_000
"""Our own limit for a manager's message through the API. It is sent in parts."""
OUTBOUND_LIMIT = 8192
"""Our own limit for a message of an outside tool: 4,096 characters if each is an emoji. It is sent in parts."""

ASTRAL = 0x10000


def length(text: str) -> int:
    """The length in UTF-16 code units. A character outside the basic plane counts two."""
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for char in text if ord(char) >= ASTRAL)


def fits(text: str, limit: int) -> bool:
    """Whether the text has at most `limit` units. Short texts need no exact count."""
    return len(text) * 2 <= limit or length(text) <= limit


def refuse_too_long(written: str, limit: int, *, field: str) -> None:
    """Raises BadInput with both numbers, in Telegram's units, if the text is too long."""
    if not fits(written, limit):
        raise BadInput(field, "mends.too_long", limit=limit, length=length(written))


def fits_button(data: str) -> bool:
    """Whether Telegram accepts it as the data of a button."""
    return len(data.encode()) <= BUTTON_DATA_LIMIT


def characters_within(text: str, limit: int) -> int:
    """How many characters from the start fit into `limit` units."""
    if fits(text, limit):
        return len(text)
    units = 0
    for at, char in enumerate(text):
        units += 2 if ord(char) >= ASTRAL else 1
        if units > limit:
            return at
    return len(text)
