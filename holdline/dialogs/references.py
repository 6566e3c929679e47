"""What a message refers to: whom it was forwarded from, and what it answers. The desk reads it; customers never do."""

from holdline.dialogs.message import Content
from holdline.dialogs.text.limits import length

EXCERPT_LIMIT = 256
"""Units that are kept of an answered message: enough to know it again."""
LABELS_ROOM = 256
"""Units for the lines that say from whom, in any language, and for the name of a kind."""


def has_references(content: Content) -> bool:
    return bool(content.data.get("forwarded") or content.data.get("replied"))


def room_for_references(content: Content) -> int:
    """Units that they may take above the words; what is not shown leaves its room empty."""
    if not has_references(content):
        return 0
    return LABELS_ROOM + length(reply_excerpt(content))


def reply_excerpt(content: Content) -> str:
    """The passage that the writer marked, else the beginning of what they answered."""
    quote, replied = content.data.get("quote"), content.data.get("replied") or {}
    return str((quote or {}).get("text") or replied.get("text") or "")
