"""Reads a funnel's file, TOML or JSON, and reports mistakes by line."""

import json
from pathlib import Path
from typing import Any

from holdline.app.command_failed import CommandFailed
from holdline.app.funnels.toml_lines import lines_by_path
from holdline.app.mistakes.toml import parse_toml, say_broken
from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.doubts import doubts_of
from holdline.dialogs.funnels.reading.definition import read_definition
from holdline.dialogs.funnels.reading.node import BadDefinition
from holdline.dialogs.refusal import BadInput
from holdline.texts import say

LARGEST_BYTES = 1_000_000


class BadFile(CommandFailed):
    """`lines` has one sentence for each mistake, with its place in the file."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines), 1)
        self.lines = lines


def read_funnel_file(path: Path, language: str) -> tuple[Definition, dict[str, Any]]:
    """The definition, and the data as written. Raises BadFile with all mistakes."""
    text = _text_of(path)
    written = _parse(path, text, language)
    try:
        return read_definition(written), written
    except BadDefinition as bad:
        lines = lines_by_path(text) if path.suffix != ".json" else {}
        faults = sorted(bad.faults, key=lambda fault: lines.get(_place_in_file(fault, lines), 0))
        raise BadFile([_sentence(path, fault, lines, language) for fault in faults]) from bad


def doubt_lines(path: Path, definition: Definition, language: str) -> list[str]:
    """What is allowed but hardly meant, a sentence each, with its place in the file."""
    lines = lines_by_path(_text_of(path)) if path.suffix != ".json" else {}
    return [
        "⚠️ " + _sentence(path, BadInput(one.path, f"funnels.{one.kind}", name=one.name), lines, language)
        for one in doubts_of(definition)
    ]


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise CommandFailed(f"{path} is larger than a funnel can be ({LARGEST_BYTES // 1000} kB).")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as broken:
        raise CommandFailed(f"{path} is not UTF-8 text: save it as UTF-8.") from broken
    except OSError as missing:
        raise CommandFailed(f"{path} cannot be read: {missing.strerror}.") from missing


def _parse(path: Path, text: str, language: str) -> dict[str, Any]:
    try:
        if path.suffix == ".json":
            return dict(json.loads(text))
    except (ValueError, TypeError, RecursionError) as broken:
        raise BadFile([f"{path}: {say('funnels.not_json', language, why=broken)}"]) from broken
    written, lines = parse_toml(text)
    if lines:
        raise BadFile([f"{path}: {say('funnels.not_toml', language, why=say_broken(lines))}"])
    return written


def _sentence(path: Path, fault: BadInput, lines: dict[str, int], language: str) -> str:
    """`promo.toml, line 12: steps[1].wait: write a number and s, m, h or d.`"""
    known = _place_in_file(fault, lines)
    where = say("funnels.at_line", language, path=path, line=lines[known]) if known in lines else str(path)
    return ": ".join(filter(None, (where, fault.field, fault.hint_text(language))))


def _place_in_file(fault: BadInput, lines: dict[str, int]) -> str:
    """The longest beginning of the mistake's path that the file contains; empty if it contains none."""
    known = fault.field
    while known and known not in lines:
        known = known[: max(known.rfind("."), known.rfind("["), 0)]
    return known
