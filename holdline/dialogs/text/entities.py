"""Validates entities given from outside with a text, because Telegram would reject or drop invalid ones."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from holdline.dialogs.message import Entities
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import fits, length
from holdline.dialogs.text.richtext import borders

MOST_ENTITIES = 100  # Telegram silently drops any beyond this
LINK_LIMIT = 2048
PLAIN_TYPES = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote",
     "expandable_blockquote", "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
)  # fmt: skip
_NEEDED = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
_OPTIONAL = {"pre": ("language", 64), "date_time": ("date_time_format", 32)}
_LINK = re.compile(r"(?:https?|tg)://[^\s<>\"]+|(?:mailto|tel):[^\s<>\"]+", re.IGNORECASE)
_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#][^\s<>\"]*)?")
_PERSON = re.compile(r"tg://user/?\?id=([1-9]\d{0,15})", re.IGNORECASE)
_EMOJI_ID = re.compile(r"\d{1,20}")


def valid_entities(text: str, entities: Sequence[Mapping[str, Any]], *, field: str = "entities") -> Entities:
    """The entities in text order, with only the known keys. BadInput names the first invalid one."""
    if len(entities) > MOST_ENTITIES:
        raise BadInput(field, "mends.most_entities", most=MOST_ENTITIES)
    starts = frozenset(borders(text))
    valid = [_valid(one, starts, length(text), f"{field}.{at}") for at, one in enumerate(entities)]
    return tuple(sorted(valid, key=lambda one: (one["offset"], -one["length"])))


def link_entity(url: str) -> dict[str, Any] | None:
    """The entity for a link, without its offset and length. None if Telegram does not accept the link.

    A link to a person becomes a mention, so that no link leads to somebody of the desk.
    """
    url = url.strip()
    if not fits(url, LINK_LIMIT):
        return None
    if person := _PERSON.fullmatch(url):
        return {"type": "text_mention", "user": {"id": int(person[1])}}
    if _LINK.fullmatch(url):
        return {"type": "text_link", "url": url}
    return {"type": "text_link", "url": f"http://{url}"} if _BARE.fullmatch(url) else None


def _valid(entity: Mapping[str, Any], starts: frozenset[int], end: int, field: str) -> dict[str, Any]:
    kind, offset, size = entity.get("type"), entity.get("offset"), entity.get("length")
    if not isinstance(kind, str) or (kind not in PLAIN_TYPES and kind not in _NEEDED):
        raise BadInput(f"{field}.type", "mends.one_of", choices=", ".join(sorted({*PLAIN_TYPES, *_NEEDED})))
    if type(offset) is not int or type(size) is not int:
        raise BadInput(field, "mends.entity_place", length=end)
    inside = 0 <= offset < offset + size <= end
    if not inside or not {offset, offset + size} <= starts:
        raise BadInput(field, "mends.entity_place", length=end)
    place = {"offset": offset, "length": size}
    return {"type": kind, **place} | _details(kind, entity, field)


def _details(kind: str, entity: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The keys of that type besides offset and length."""
    details: dict[str, Any] = {}
    if needed := _NEEDED.get(kind):
        details = _detail_of(kind, entity.get(needed))
        if not details:
            raise BadInput(f"{field}.{needed}", "mends.entity_detail", type=kind)
    name, limit = _OPTIONAL.get(kind, ("", 0))
    if name and entity.get(name) is not None:
        value = entity[name]
        if not isinstance(value, str) or not 0 < len(value) <= limit:
            raise BadInput(f"{field}.{name}", "mends.entity_detail", type=kind)
        details[name] = value
    return details


def _detail_of(kind: str, value: Any) -> dict[str, Any]:
    """The required key of that type; empty if the value is not valid."""
    match kind, value:
        case "text_link", str():
            return link_entity(value) or {}
        case "text_mention", {"id": int(person)} if type(person) is int and 0 < person < 2**52:
            return {"user": {"id": person}}
        case "custom_emoji", str() if _EMOJI_ID.fullmatch(value):
            return {"custom_emoji_id": value}
        case "date_time", int() if type(value) is int and 0 <= value < 2**40:
            return {"unix_time": value}
    return {}
