"""How many operations a text takes: one, unless it is longer than Telegram allows."""

from holdline.dialogs.limits import HEADER_ROOM, TEXT_LIMIT, fits
from holdline.dialogs.message import Content
from holdline.dialogs.text import parts_of


def parts_needed(content: Content, *, has_header: bool) -> int:
    """`has_header`: a line may stand above the first part, so it has less room."""
    room = TEXT_LIMIT - HEADER_ROOM if has_header else TEXT_LIMIT
    if content.kind != "text" or fits(content.text, room):
        return 1
    return len(parts_of(content.text, content.entities, HEADER_ROOM if has_header else 0))
