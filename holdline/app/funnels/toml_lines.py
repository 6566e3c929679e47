"""Finds the line of each value in a TOML file, which tomllib does not report.

It runs after tomllib has accepted the file, so it expects well-formed TOML.
"""

import re

_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_STRING = re.compile(r'''"""(?:[^\\]|\\.)*?"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\]|\\.)*"|'[^']*\'''', re.DOTALL)
_SPACE = re.compile(r"(?:\s|#[^\n]*)*")
_PLAIN = re.compile(r"[^,\]}\s#][^,\]}\n#]*")
Path = tuple[str | int, ...]


def lines_by_path(text: str) -> dict[str, int]:
    """Maps paths such as `steps[1].send.text` to the lines where the values start, counted from 1."""
    return _Scan(text).lines


class _Scan:
    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self._text, self._at = text, 0
        self._arrays: dict[str, int] = {}
        table: Path = ()
        while self._skip_space() < len(text):
            if text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        array = self._text.startswith("[[", self._at)
        start, self._at = self._at, self._at + (2 if array else 1)
        path: Path = ()
        keys = self._keys()
        for number, key in enumerate(keys):
            path += (key,)
            name = _name(path)
            if array and number == len(keys) - 1:
                self._arrays[name] = self._arrays.get(name, -1) + 1
            if name in self._arrays:
                path += (self._arrays[name],)
        self._at += 2 if array else 1
        self._note(path, start)
        return path

    def _pair(self, table: Path) -> None:
        start = self._at
        path = table
        for key in self._keys():
            path += (key,)
            self._note(path, start)
        self._at += 1
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip_space()
        if self._text.startswith("[", self._at):
            self._list(path)
        elif self._text.startswith("{", self._at):
            self._inline_table(path)
        else:
            found = _STRING.match(self._text, self._at) or _PLAIN.match(self._text, self._at)
            self._at = found.end() if found else len(self._text)

    def _list(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self._skip_space() < len(self._text) and self._text[self._at] != "]":
            self._note((*path, number), self._at)
            self._value((*path, number))
            number += 1
            self._skip_comma()
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._skip_space() < len(self._text) and self._text[self._at] != "}":
            self._pair(path)
            self._skip_comma()
        self._at += 1

    def _skip_comma(self) -> None:
        self._skip_space()
        if self._text.startswith(",", self._at):
            self._at += 1

    def _keys(self) -> list[str]:
        """Reads a dotted key and stops before the following `=` or `]`."""
        keys = []
        while found := _KEY.match(self._text, self._at):
            keys.append(next(one for one in found.groups() if one is not None))
            self._at = found.end()
            if not self._text.startswith(".", self._at):
                break
            self._at += 1
        return keys

    def _skip_space(self) -> int:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _note(self, path: Path, at: int) -> None:
        self.lines.setdefault(_name(path), self._text.count("\n", 0, at) + 1)


def _name(path: Path) -> str:
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name
