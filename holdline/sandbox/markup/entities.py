"""Converts text typed by a bot or a person to the text and entities of a message."""

import re

from holdline.sandbox.check import valid_part
from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.markup import utf16
from holdline.sandbox.markup.html import parse as parse_html
from holdline.sandbox.markup.markdown import parse_old, parse_v2

TEXT_MOST = 4096
CAPTION_MOST = 1024
"""Both limits are in code points, after parsing the markup (Bot API documentation, the server's source)."""

FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?\b)"
    r"|(?P<url>(?<![\w@])(?:https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]|(?:[a-z0-9-]+\.)+(?:com|org|net|io|ru|pl|me|dev|app)\b(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]])?))"
    r"|(?P<email>(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
)
HINT = re.compile(r"[/@#.]")
WHOLE = {"code", "pre", "text_link", "text_mention", "custom_emoji"}
INVISIBLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0x202A, 0x202F)), " ") | {13: None}
EMPTY = " \t\n\u00a0\u200b\u200c\u200d\u2060\ufeff"


def parse_text(text: str, parse_mode: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Returns the stripped text and sorted entities in UTF-16 units, as the real server does."""
    mode = parse_mode.lower()
    if mode == "html":
        text, entities = parse_html(text)
    elif mode == "markdownv2":
        text, entities = parse_v2(text)
    elif mode == "markdown":
        text, entities = parse_old(text)
    elif mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    else:
        entities = _usable(entities, utf16.length(text))
    text, entities = trim(text, entities)
    return text, with_detected(text, entities)


def _usable(entities: list[Json], size: int) -> list[Json]:
    """Drops entities that are malformed or not inside the text, as the server does."""
    sound = (valid_part(entity, "MessageEntity") for entity in entities)
    return [
        entity
        for entity in sound
        if entity and 0 <= entity["offset"] < entity["offset"] + entity["length"] <= size
    ]


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    clean = text.translate(INVISIBLE) if not text.isprintable() else text
    if not clean or (not clean[0].isspace() and not clean[-1].isspace() and len(clean) == len(text)):
        return clean, entities
    body = clean.strip(" \t\n")
    if not entities:
        return body, entities
    lead = utf16.length(clean[: len(clean) - len(clean.lstrip(" \t\n"))])
    size = utf16.length(body)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        end = min(size, entity["offset"] + entity["length"] - lead)
        if end > start:
            moved.append(entity | {"offset": start, "length": end - start})
    return body, moved


def with_detected(text: str, entities: list[Json]) -> list[Json]:
    """Adds the entities that Telegram detects itself: commands, links, addresses, mentions, hashtags."""
    if HINT.search(text):
        spans = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in WHOLE]
        for match in FOUND.finditer(text):
            start = utf16.length(text[: match.start()])
            end = start + utf16.length(match.group())
            is_known = any(e["type"] == match.lastgroup and e["offset"] == start for e in entities)
            if not is_known and not any(start < stop and begin < end for begin, stop in spans):
                entities = [*entities, {"offset": start, "length": end - start, "type": match.lastgroup}]
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def text_of(text: str, parse_mode: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Parses the text of a message. Raises the server's error if it is empty or too long."""
    if not text:
        raise refusal("text_empty")
    plain, parsed = parse_text(text, parse_mode, entities)
    if not plain.strip(EMPTY):
        raise refusal("text_must_be_non_empty")
    if len(plain) > TEXT_MOST:
        raise refusal("text_too_long")
    return plain, parsed


def caption_of(text: str, parse_mode: str, entities: list[Json]) -> tuple[str, list[Json]]:
    if not text:
        return "", []
    plain, parsed = parse_text(text, parse_mode, entities)
    if len(plain) > CAPTION_MOST:
        raise refusal("caption_too_long")
    return plain, parsed
