"""Parses Telegram's HTML into a text with entities. Markup itself is never passed on.

Markup that Telegram would refuse is refused here, with the tag and its position.
https://core.telegram.org/bots/api#html-style
"""

import re
from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.entities import link_entity, valid_entities
from holdline.dialogs.text.limits import length
from holdline.dialogs.text.richtext import RichText

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
TAGS = (*SIMPLE_TAGS, "a", "span", "tg-emoji", "tg-time")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]{0,31})((?:\"[^\"]*\"|'[^']*'|[^<>\"'])*)>")
_ATTRIBUTE = re.compile(r"\s*([A-Za-z][A-Za-z-]{0,31})(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=]+)))?")
_ESCAPE = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|(lt|gt|amp|quot));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NUMBER = re.compile(r"[0-9]{1,20}")
_LANGUAGE = re.compile(r"language-(\S{1,64})")


def parse_html(markup: str, *, field: str = "html") -> RichText:
    """The text and its entities in UTF-16 units. BadInput names the tag and the position of its first character."""
    reader = _Reader(field)
    at = 0
    while (begins := markup.find("<", at)) >= 0:
        reader.read_text(markup[at:begins])
        tag = _TAG.match(markup, begins)
        if tag is None:
            raise BadInput(field, "mends.html_sign", at=begins + 1)
        reader.read_tag(tag)
        at = tag.end()
    reader.read_text(markup[at:])
    return reader.finish()


@dataclass(slots=True)
class _OpenTag:
    name: str
    at: int
    start: int
    entity: dict[str, Any]


@dataclass(slots=True)
class _Reader:
    where: str
    texts: list[str] = field(default_factory=list)
    units: int = 0
    open: list[_OpenTag] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    def read_text(self, markup: str) -> None:
        text = _unescape(markup)
        self.texts.append(text)
        self.units += length(text)

    def read_tag(self, tag: re.Match[str]) -> None:
        name, at = tag[2].lower(), tag.start() + 1
        if name not in TAGS:
            raise BadInput(self.where, "mends.html_tag", tag=f"<{name}>", at=at, tags=", ".join(TAGS))
        if tag[1]:
            self._close(name, at)
            return
        entity = _entity_of(name, _attributes(tag[3]), self.open)
        if entity is None:
            raise BadInput(self.where, "mends.html_attribute", tag=f"<{name}>", at=at)
        self.open.append(_OpenTag(name, at, self.units, entity))

    def finish(self) -> RichText:
        if self.open:
            last = self.open[-1]
            raise BadInput(self.where, "mends.html_open", tag=f"<{last.name}>", at=last.at)
        text = "".join(self.texts)
        return RichText(text, valid_entities(text, self.entities, field=self.where))

    def _close(self, name: str, at: int) -> None:
        if not self.open or self.open[-1].name != name:
            raise BadInput(self.where, "mends.html_close", tag=f"</{name}>", at=at)
        ended = self.open.pop()
        size = self.units - ended.start
        if not size or ended.entity["type"] == "language":
            return
        if ended.entity["type"] == "link_of_words":
            url = "".join(self.texts).encode("utf-16-le")[ended.start * 2 :].decode("utf-16-le")
            link = link_entity(url)
            if link is None:
                raise BadInput(self.where, "mends.html_attribute", tag=f"<{name}>", at=ended.at)
            ended.entity = link
        self.entities.append({**ended.entity, "offset": ended.start, "length": size})


def _entity_of(name: str, attributes: dict[str, str], around: list[_OpenTag]) -> dict[str, Any] | None:
    """The entity of a tag. None if an attribute is missing or has a value that Telegram does not accept."""
    match name:
        case "a":
            url = attributes.get("href", "")
            entity = link_entity(url) if url else {"type": "link_of_words"}
        case "span":
            entity = {"type": "spoiler"} if attributes.get("class") == "tg-spoiler" else None
        case "tg-emoji":
            emoji = attributes.get("emoji-id", "")
            entity = {"type": "custom_emoji", "custom_emoji_id": emoji} if _NUMBER.fullmatch(emoji) else None
        case "tg-time":
            entity = _time(attributes)
        case "code":
            entity = _code(attributes, around)
        case _:
            long = name == "blockquote" and "expandable" in attributes
            entity = {"type": "expandable_blockquote" if long else SIMPLE_TAGS[name]}
    return entity


def _time(attributes: dict[str, str]) -> dict[str, Any] | None:
    unix, shape = attributes.get("unix", ""), attributes.get("format")
    if not _NUMBER.fullmatch(unix) or len(unix) > 12:
        return None
    return {"type": "date_time", "unix_time": int(unix)} | ({"date_time_format": shape} if shape else {})


def _code(attributes: dict[str, str], around: list[_OpenTag]) -> dict[str, Any]:
    """Inside <pre>, the tag names the language of the block."""
    language = _LANGUAGE.fullmatch(attributes.get("class", ""))
    if language and around and around[-1].name == "pre":
        around[-1].entity["language"] = language[1]
        return {"type": "language"}
    return {"type": "code"}


def _attributes(written: str) -> dict[str, str]:
    return {
        found[1].lower(): _unescape(next((value for value in found.groups()[1:] if value is not None), ""))
        for found in _ATTRIBUTE.finditer(written)
    }


def _unescape(markup: str) -> str:
    return _ESCAPE.sub(_character, markup) if "&" in markup else markup


def _character(escape: re.Match[str]) -> str:
    """The character of a numeric escape. A number that is no character stays as written, as at Telegram."""
    if escape[3]:
        return _NAMED[escape[3]]
    number = int(escape[1], 16) if escape[1] else int(escape[2])
    is_character = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if is_character else escape[0]
