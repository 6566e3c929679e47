"""Splits a text or a caption into parts that Telegram accepts: how many are needed, and what each part says."""

from dataclasses import replace

from holdline.dialogs.message import CAPTIONED, Content, room_for_references
from holdline.dialogs.text.limits import CAPTION_LIMIT, HEADER_ROOM, TEXT_LIMIT, fits
from holdline.dialogs.text.richtext import RichText
from holdline.dialogs.text.splitting import parts_of


def parts_needed(content: Content, *, has_header: bool) -> int:
    """`has_header`: a header line may stand above the first part of a text, so that part has less room."""
    if _fits_in_one(content, has_header=has_header):
        return 1
    return len(_parts(content, has_header=has_header))


def part_of(content: Content, *, part: int, has_header: bool) -> RichText | None:
    """The words of that part of the item, or None if they end before it."""
    if _fits_in_one(content, has_header=has_header):
        return RichText(content.text, content.entities) if part == 0 else None
    parts = _parts(content, has_header=has_header)
    return parts[part] if part < len(parts) else None


def within_caption(words: RichText) -> RichText:
    """As much as a bot may write in a caption; Premium users may write more, and the rest follows as texts."""
    if fits(words.text, CAPTION_LIMIT):
        return words
    return RichText(*parts_of(words.text, words.entities, TEXT_LIMIT - CAPTION_LIMIT)[0])


def with_caption_cut(content: Content) -> Content:
    """The message with its words cut to its first part."""
    if content.kind == "text":
        return content
    words = within_caption(RichText(content.text, content.entities))
    return replace(content, text=words.text, entities=words.entities)


def _fits_in_one(content: Content, *, has_header: bool) -> bool:
    if content.kind == "text":
        return fits(content.text, TEXT_LIMIT - _room_above(content, has_header=has_header))
    return content.kind not in CAPTIONED or fits(content.text, CAPTION_LIMIT)


def _parts(content: Content, *, has_header: bool) -> list[RichText]:
    """A file's first part is its caption. Content that has no room above it is named by a button (screens/render)."""
    above = _room_above(content, has_header=has_header)
    reserved = above if content.kind == "text" else TEXT_LIMIT - CAPTION_LIMIT
    return [RichText(*part) for part in parts_of(content.text, content.entities, reserved)]


def _room_above(content: Content, *, has_header: bool) -> int:
    """How many units of a text's first part its header takes, and at the desk its references."""
    return HEADER_ROOM + room_for_references(content) if has_header else 0
