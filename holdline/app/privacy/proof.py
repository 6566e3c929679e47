"""The proof of an erasure: everything that is left is searched for values that the person alone had."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdline.app.configuration import Configuration
from holdline.dialogs.privacy.personal_values import SHORTEST_VALUE, forms_of_value
from holdline.store.engine import Store
from holdline.store.privacy.remains import columns_of, count_rows_with
from holdline.texts.figures import count_of

_BLOCK = 8 * 1024 * 1024
_OVERLAP = 64 * 1024


@dataclass(frozen=True, slots=True)
class Traces:
    """`kinds`: the forms to look for, by what they are."""

    kinds: dict[str, list[str]]
    skipped: int

    @classmethod
    def of(cls, values: dict[str, Any]) -> "Traces":
        """A value that is too short would be found in anything, so it is skipped and counted."""
        given = {
            "Telegram id": [str(values["telegram_id"])],
            "name": values["names"],
            "phone or e-mail": values["contacts"],
            "text": values["texts"],
        }
        kinds = {
            kind: sorted(
                {form for value in found if len(value) >= SHORTEST_VALUE for form in forms_of_value(value)}
            )
            for kind, found in given.items()
        }
        return cls(kinds, sum(len(value) < SHORTEST_VALUE for found in given.values() for value in found))


@dataclass(frozen=True, slots=True)
class Proof:
    """`rows`: what was searched, for what, how many forms, how often found."""

    rows: list[tuple[str, str, int, int]]
    skipped: int

    @property
    def found(self) -> int:
        return sum(row[3] for row in self.rows)

    def lines(self) -> Iterator[str]:
        """The table, only with places where something was found, and the sum of those that were searched."""
        yield f"{'searched':<44} {'for':<16} {'found':>6}"
        for where, kind, _, found in self.rows:
            if found:
                yield f"{where:<44} {kind:<16} {found:>6}"
        places = len({where for where, *_ in self.rows})
        forms = max(
            (sum(row[2] for row in self.rows if row[0] == where) for where, *_ in self.rows), default=0
        )
        yield f"{places} places were searched for {count_of(forms, 'written form')}: found {self.found}."
        if self.skipped:
            verbs = ("is", "was") if self.skipped == 1 else ("are", "were")
            values = count_of(self.skipped, "value")
            yield f"{values} {verbs[0]} shorter than {SHORTEST_VALUE} signs and {verbs[1]} not looked for."


async def prove_erased(
    configuration: Configuration, store: Store, traces: Traces, also_in: tuple[Path, ...]
) -> Proof:
    rows: list[tuple[str, str, int, int]] = []
    is_sqlite = configuration.database_file is not None
    for table, column in await store.read(columns_of, is_sqlite=is_sqlite):
        for kind, forms in traces.kinds.items():
            if forms:
                found = await store.read_heavy(count_rows_with, table, column, forms)
                rows.append((f"{table}.{column}", kind, len(forms), found))
    for path in _files(configuration, also_in):
        rows += [
            (path.name, kind, len(forms), _count_in(path, forms))
            for kind, forms in traces.kinds.items()
            if forms
        ]
    return Proof(rows, traces.skipped)


def _files(configuration: Configuration, also_in: tuple[Path, ...]) -> Iterator[Path]:
    """The database's own files, and the files and folders in `also_in`."""
    database = configuration.database_file
    if database is not None:
        yield from (
            path
            for path in (database, *map(Path, (f"{database}-wal", f"{database}-journal")))
            if path.exists()
        )
    for path in also_in:
        yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _count_in(path: Path, forms: list[str]) -> int:
    """Looks at the bytes, so that free space is searched as well."""
    pattern = re.compile(b"|".join(re.escape(form.encode("utf-8", "replace")) for form in forms))
    found, kept = 0, b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            text = kept + block
            found += sum(1 for match in pattern.finditer(text) if match.end() > len(kept))
            kept = text[-_OVERLAP:]
    return found
