"""How many operations a text takes: one, unless it is longer than Telegram allows."""

from holdline.dialogs.message import Content
from holdline.dialogs.text import HEADER_ROOM, TEXT_LIMIT, parts_of


def parts_needed(content: Content, *, headed: bool) -> int:
    """`headed`: a line may stand above the first part, so it has less room."""
    if content.kind != "text" or len(content.text) * 2 + HEADER_ROOM <= TEXT_LIMIT:
        return 1
    return len(parts_of(content.text, content.entities, HEADER_ROOM if headed else 0))
