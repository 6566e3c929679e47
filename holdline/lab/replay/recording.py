"""Recorded conversations: one JSON object per line, gzipped or not."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.dialogs.text.splitting import truncate

SPEAKERS = ("customer", "agent", "action")


class NotARecording(ValueError):
    """The file cannot be played. The message names the line and what to correct."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """`speaker`: customer, agent, or action (something the agent looked up; it becomes a note)."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One service conversation. The customer writes first."""

    id: str
    language: str
    turns: tuple[Utterance, ...]


def conversations(path: Path, limit: int | None = None) -> list[Conversation]:
    """The first `limit` conversations. Raises NotARecording if a line is not a conversation."""
    recorded: list[Conversation] = []
    for number, line in enumerate(_lines(path), 1):
        if limit is not None and len(recorded) >= limit:
            break
        if line.strip():
            recorded.append(_conversation(line, f"{path.name}, line {number}"))
    if not recorded:
        raise NotARecording(f"{path.name} holds no conversation")
    return recorded


def _lines(path: Path) -> Iterator[str]:
    if not path.exists():
        raise NotARecording(f"there is no file {path}")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as source:
        yield from source


def _conversation(line: str, where: str) -> Conversation:
    try:
        record = json.loads(line)
        turns = tuple(_turn(turn) for turn in record["turns"])
        name, language = str(record["id"]), str(record.get("lang", "en"))
    except (ValueError, KeyError, TypeError) as broken:
        raise NotARecording(f'{where}: not {{"id", "turns": [{{"speaker", "text"}}]}}: {broken}') from broken
    spoken = next((i for i, turn in enumerate(turns) if turn.speaker == "customer"), None)
    if spoken is None:
        raise NotARecording(f"{where}: the customer never speaks in {name}")
    return Conversation(name, language, turns[spoken:])


def _turn(turn: dict[str, Any]) -> Utterance:
    if turn["speaker"] not in SPEAKERS:
        raise ValueError(f"speaker {turn['speaker']!r} is none of {', '.join(SPEAKERS)}")
    return Utterance(turn["speaker"], truncate(str(turn["text"]).strip(), TEXT_LIMIT) or "…")
