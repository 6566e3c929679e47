"""Parses `parse_mode=MarkdownV2` and the older `Markdown`: text and entities."""

from holdline.sandbox.errors import Refusal, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.markup import utf16

RESERVED = set("_*[]()~`>#+-=|{}.!")
PAIRS = (("||", "spoiler"), ("__", "underline"), ("*", "bold"), ("_", "italic"), ("~", "strikethrough"))


class _MarkdownReader:
    """Reads opening and closing marks; the text between them becomes an entity."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.size = 0
        self.open: list[tuple[str, str, int]] = []
        self.entities: list[Json] = []

    def starts(self, mark: str) -> bool:
        return self.source.startswith(mark, self.at)

    def say(self, text: str) -> None:
        self.parts.append(text)
        self.size += utf16.length(text)

    def add(self, start: int, entity: Json) -> None:
        if self.size > start:
            self.entities.append({"offset": start, "length": self.size - start} | entity)

    def until(self, mark: str, kind: str) -> str:
        """Returns the raw text up to the closing mark and moves past the mark."""
        end = self.source.find(mark, self.at)
        while end > 0 and self.source[end - 1] == "\\":
            end = self.source.find(mark, end + 1)
        if end < 0:
            raise _no_end(kind, len(self.source[: self.at].encode()))
        inside = self.source[self.at : end]
        self.at = end + len(mark)
        return inside


def _no_end(kind: str, offset: int) -> Refusal:
    text = f"Bad Request: can't parse entities: Can't find end of {kind} entity at byte offset {offset}"
    return Refusal(400, text)


def parse_v2(source: str) -> tuple[str, list[Json]]:
    reader = _MarkdownReader(source)
    while reader.at < len(source):
        _step(reader)
    if reader.open:
        _, kind, start = reader.open[-1]
        raise _no_end(kind.capitalize(), start)
    return "".join(reader.parts), reader.entities


def _step(reader: _MarkdownReader) -> None:
    sign = reader.source[reader.at]
    following = reader.source[reader.at + 1 : reader.at + 2]
    if sign == "\\" and following and following.isascii():
        reader.at += 2
        reader.say(following)
    elif reader.starts("```"):
        _pre(reader)
    elif sign == "`":
        reader.at += 1
        start = reader.size
        reader.say(_unescape(reader.until("`", "Code")))
        reader.add(start, {"type": "code"})
    elif sign == "[":
        reader.at += 1
        reader.open.append(("]", "link", reader.size))
    elif sign == "]" and reader.open and reader.open[-1][0] == "]":
        _link(reader)
    elif sign == ">" and (not reader.parts or reader.parts[-1].endswith("\n")):
        reader.at += 1
        reader.open.append(("\n", "blockquote", reader.size))
    elif not _toggle_pair(reader):
        _plain(reader, sign)


def _toggle_pair(reader: _MarkdownReader) -> bool:
    for mark, kind in PAIRS:
        if not reader.starts(mark):
            continue
        reader.at += len(mark)
        if reader.open and reader.open[-1][0] == mark:
            _, _, start = reader.open.pop()
            reader.add(start, {"type": kind})
        else:
            reader.open.append((mark, kind, reader.size))
        return True
    return False


def _plain(reader: _MarkdownReader, sign: str) -> None:
    if sign in RESERVED:
        raise refusal("md2_reserved", c=sign)
    if sign == "\n" and reader.open and reader.open[-1][0] == "\n":
        _, _, start = reader.open.pop()
        reader.add(start, {"type": "blockquote"})
    reader.at += 1
    reader.say(sign)
    last = reader.at == len(reader.source)
    if last and reader.open and reader.open[-1][0] == "\n":
        _, _, start = reader.open.pop()
        reader.add(start, {"type": "blockquote"})


def _pre(reader: _MarkdownReader) -> None:
    reader.at += 3
    body = _unescape(reader.until("```", "Pre"))
    first, newline, rest = body.partition("\n")
    entity: Json = {"type": "pre"}
    if newline and first and " " not in first:
        entity["language"] = first
        body = rest
    elif newline and not first:
        body = rest
    start = reader.size
    reader.say(body)
    reader.add(start, entity)


def _link(reader: _MarkdownReader) -> None:
    _, _, start = reader.open.pop()
    reader.at += 1
    if not reader.starts("("):
        raise refusal("md2_reserved", c="]")
    reader.at += 1
    url = _unescape(reader.until(")", "Link"))
    reader.add(start, {"type": "text_link", "url": url})


def _unescape(text: str) -> str:
    out, escaped = [], False
    for sign in text:
        if sign == "\\" and not escaped:
            escaped = True
            continue
        out.append(sign)
        escaped = False
    return "".join(out)


OLD_MARKS = {"*": "bold", "_": "italic"}


def parse_old(source: str) -> tuple[str, list[Json]]:
    """The older Markdown: no nesting; a backslash escapes only _ * ` [."""
    reader = _MarkdownReader(source)
    while reader.at < len(source):
        sign = source[reader.at]
        start = reader.size
        if sign == "\\" and source[reader.at + 1 : reader.at + 2] in ("_", "*", "`", "["):
            reader.say(source[reader.at + 1])
            reader.at += 2
        elif reader.starts("```"):
            _pre(reader)
        elif sign in OLD_MARKS or sign == "`":
            reader.at += 1
            kind = OLD_MARKS.get(sign, "code")
            reader.say(reader.until(sign, kind.capitalize()))
            reader.add(start, {"type": kind})
        elif sign == "[" and "](" in source[reader.at :]:
            reader.at += 1
            reader.say(reader.until("](", "Link"))
            reader.add(start, {"type": "text_link", "url": reader.until(")", "Link")})
        else:
            reader.at += 1
            reader.say(sign)
    return "".join(reader.parts), reader.entities
