"""A mutant: a patch that breaks one promise, and the tests that must fail with it.

A patch is matched by its lines and not by their numbers, so it still fits when the code around it moves.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
_HEAD = re.compile(
    r"\ASays: (?P<says>[^\n]+)\nCaught by: (?P<tests>[^\n]+)\n\n(?P<patch>--- a/.+)\Z", re.DOTALL
)


class DoesNotFit(Exception):
    """The lines that a patch changes are missing, or found more than once."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`says` describes what it breaks. At least one of `tests` (pytest node ids) must fail."""

    name: str
    says: str
    tests: tuple[str, ...]
    patch: str

    def mutated(self, root: Path) -> dict[Path, str]:
        """The whole text of each file that it changes, below `root`. May raise DoesNotFit."""
        texts: dict[Path, str] = {}
        for file in re.split(r"^(?=--- a/)", self.patch, flags=re.MULTILINE)[1:]:
            head, *hunks = re.split(r"^@@[^\n]*\n", file, flags=re.MULTILINE)
            path = root / head.splitlines()[1].removeprefix("+++ b/").strip()
            text = path.read_text(encoding="utf-8")
            for hunk in hunks:
                text = self._with_hunk(text, hunk)
            texts[path] = text
        return texts

    def _with_hunk(self, text: str, hunk: str) -> str:
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        if text.count(old) != 1:
            raise DoesNotFit(f"{self.name}: found {text.count(old)} times:\n{old}")
        return text.replace(old, new)


def load_mutants() -> list[Mutant]:
    """All mutants, sorted by name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.patch"))]


def _read(path: Path) -> Mutant:
    found = _HEAD.match(path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{path.name} does not begin with 'Says:', 'Caught by:' and an empty line")
    return Mutant(path.stem, found["says"], tuple(found["tests"].split()), found["patch"])
