"""Parses HTML like `parse_mode=HTML`: text and entities, errors with byte offsets."""

import re

from holdline.sandbox.errors import Refusal, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.markup import utf16

SIMPLE = {
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
OTHERS = {"a", "span", "tg-emoji", "tg-time"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s+[^<>]*)?)>", re.DOTALL)
ATTRIBUTE = re.compile(r"([a-zA-Z_-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
ESCAPE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);")


class _HtmlReader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.size = 0
        self.open: list[tuple[str, int, Json]] = []
        self.entities: list[Json] = []

    def bytes_before(self, position: int) -> int:
        return len(self.source[:position].encode())

    def say(self, text: str) -> None:
        plain = ESCAPE.sub(lambda match: _unescape(match.group(1)), text)
        self.parts.append(plain)
        self.size += utf16.length(plain)

    def opens(self, tag: str, attributes: dict[str, str], position: int) -> None:
        entity = _entity(tag, attributes)
        if entity is None:
            raise refusal("html_unsupported_tag", tag=tag, n=self.bytes_before(position))
        self.open.append((tag, self.size, entity))

    def closes(self, tag: str, position: int) -> None:
        if not self.open:
            raise refusal("html_unexpected_end", n=self.bytes_before(position))
        expected, start, entity = self.open.pop()
        if tag not in (expected, ""):
            raise refusal("html_unmatched", n=self.bytes_before(position), a=expected, b=tag)
        if self.size == start:
            return
        if entity["type"] == "link":
            entity = _link(entity, "".join(self.parts), start, self.size - start)
        if entity["type"] == "language":
            self._language(entity, start)
        elif entity["type"] != "none":
            self.entities.append({"offset": start, "length": self.size - start} | entity)

    def _language(self, entity: Json, start: int) -> None:
        """A `code` with a class inside a `pre` names the language of the `pre`."""
        if self.open and self.open[-1][0] == "pre" and self.open[-1][1] == start:
            self.open[-1][2]["language"] = entity["language"]
        else:
            self.entities.append({"offset": start, "length": self.size - start, "type": "code"})


def parse(source: str) -> tuple[str, list[Json]]:
    reader = _HtmlReader(source)
    position = 0
    while position < len(source):
        at = source.find("<", position)
        if at < 0:
            break
        reader.say(source[position:at])
        tag = TAG.match(source, at)
        if tag is None:
            raise _tag_error(reader, at)
        closing, name, rest = tag.groups()
        if closing:
            reader.closes(name.lower(), at)
        else:
            reader.opens(name.lower(), _attributes(rest), at)
        position = tag.end()
    reader.say(source[position:])
    if reader.open:
        raise refusal("html_unclosed", tag=reader.open[-1][0])
    return "".join(reader.parts), reader.entities


def _tag_error(reader: _HtmlReader, at: int) -> Refusal:
    name = re.match(r"</?([a-zA-Z0-9-]*)", reader.source[at:])
    tag = name.group(1).lower() if name else ""
    if tag in SIMPLE or tag in OTHERS:
        return Refusal(
            400,
            f"Bad Request: can't parse entities: Unclosed start tag at byte offset {reader.bytes_before(at)}",
        )
    return refusal("html_unsupported_tag", tag=tag, n=reader.bytes_before(at))


def _attributes(rest: str) -> dict[str, str]:
    attributes = {}
    for match in ATTRIBUTE.finditer(rest):
        value = next((part for part in match.groups()[1:] if part is not None), "")
        attributes[match.group(1).lower()] = ESCAPE.sub(lambda escape: _unescape(escape.group(1)), value)
    return attributes


def _unescape(code: str) -> str:
    if code in NAMED:
        return NAMED[code]
    number = int(code[2:], 16) if code[1] in "xX" else int(code[1:])
    legal = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if legal else f"&{code};"


def _entity(tag: str, attributes: dict[str, str]) -> Json | None:
    """The entity that the tag starts, or None if Telegram does not support the tag."""
    if tag in SIMPLE:
        return _simple(tag, attributes)
    if tag == "a":
        return {"type": "link", "url": attributes.get("href", "")}
    if tag == "span" and attributes.get("class") == "tg-spoiler":
        return {"type": "spoiler"}
    if tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    if tag == "tg-time" and attributes.get("unix", "").isdecimal():
        entity: Json = {"type": "date_time", "unix_time": int(attributes["unix"])}
        return entity | ({"date_time_format": attributes["format"]} if attributes.get("format") else {})
    return None


def _simple(tag: str, attributes: dict[str, str]) -> Json:
    if tag == "code" and attributes.get("class", "").startswith("language-"):
        return {"type": "language", "language": attributes["class"].removeprefix("language-")}
    if tag == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    return {"type": SIMPLE[tag]}


def _link(entity: Json, text: str, start: int, size: int) -> Json:
    url = entity["url"] or utf16.cut(text, start, size)
    if re.match(r"(https?|tg|mailto|tel):", url, re.IGNORECASE):
        return {"type": "text_link", "url": url}
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", url):
        return {"type": "text_link", "url": f"http://{url}"}
    return {"type": "none"}
