"""What `make mutation-sample` is told: `config.toml`, and what its command line says instead."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.mutants.mutant import ROOT
from tests.mutants.sample.changes import Change, list_changes

FILE = Path(__file__).parent / "config.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """`size` changes are chosen with `seed` (0: all); `only` keeps those whose name contains it. `kept` is a file that
    knows which test runs which line: only tests that are not in it are watched, unless a room has changed.
    """

    rooms: list[str]
    tests: list[str]
    seed: int
    size: int
    most_seconds: float
    aim: float
    only: str = ""
    kept: str = ""

    def choose(self) -> tuple[list[Change], int]:
        """The changes to try, in the order of the files, and how many there are in all."""
        files = [path for room in self.rooms for path in sorted((ROOT / room).rglob("*.py"))]
        changes = [change for path in files for change in list_changes(ROOT, path)]
        matching = [change for change in changes if self.only in str(change)]
        if not self.size or self.size >= len(matching):
            return matching, len(changes)
        chosen = set(Random(self.seed).sample(range(len(matching)), self.size))
        return [change for place, change in enumerate(matching) if place in chosen], len(changes)


def load_config() -> Config:
    """The file, with the values of HOLDLINE_SAMPLE_SEED, _SIZE, _ONLY and _KEPT where they are set."""
    kept = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for name, kind in (("seed", int), ("size", int), ("only", str), ("kept", str)):
        if (given := os.environ.get(f"HOLDLINE_SAMPLE_{name.upper()}")) is not None:
            kept[name] = kind(given)
    return Config(**kept)
