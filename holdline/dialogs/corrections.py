"""What an edit changed in a message, and whether its copy can be edited in place."""

from typing import Any

from holdline.dialogs.message import Content

FILES = frozenset({"photo", "video", "animation", "audio", "document"})
"""The kinds that editMessageMedia accepts, in a message that is one of these or a text (Bot API)."""

_PLACE = ("latitude", "longitude", "horizontal_accuracy", "heading")
_SHOWN = (*_PLACE, "has_media_spoiler", "show_caption_above_media", "link_preview_options")
_REFERENCES = ("forwarded", "replied", "quote")


def is_changed(before: Content, after: Content) -> bool:
    """Whether a reader would see a difference."""
    words = (before.text, before.entities) != (after.text, after.entities)
    return words or is_replaced(before, after) or _values(before, _SHOWN) != _values(after, _SHOWN)


def is_replaced(before: Content, after: Content) -> bool:
    """Whether the message now has a different file."""
    name = ("file_unique_id",)
    return before.kind != after.kind or _values(before, name) != _values(after, name)


def has_only_moved(before: Content, after: Content) -> bool:
    """Whether the edit only moved a live location. Only its newest position matters, not every step."""
    return before.kind == after.kind == "location"


def can_change_in_place(before: Content, after: Content) -> bool:
    """Whether the copy can be edited; if not, it is deleted and sent again."""
    if before.kind == after.kind:
        return not is_replaced(before, after) or _can_be_put(after)
    return _can_be_put(after) and before.kind in FILES | {"text"}


def data_after_edit(before: Content, after: Content) -> dict[str, Any]:
    """The data to store for the edited message.

    `replaced` says that its copies had another file, so editing their text is not enough.
    """
    kept = {name: before.data[name] for name in _REFERENCES if name in before.data}
    replaced = is_replaced(before, after) or before.data.get("replaced")
    return {**kept, **after.data, **({"replaced": True} if replaced else {})}


def _can_be_put(content: Content) -> bool:
    return content.kind in FILES and bool(content.data.get("file_id")) and not content.data.get("live")


def _values(content: Content, names: tuple[str, ...]) -> list[Any]:
    return [content.data.get(name) for name in names]
