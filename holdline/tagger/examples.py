"""Texts with their tags, as people gave them or as a table has them. It imports nothing that is slow."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Example:
    """The text of a customer, and the tags that people gave it."""

    text: str
    tags: tuple[str, ...]


def read_examples(path: Path) -> list[Example]:
    """Reads a table, optionally gzipped, with the columns text and intent (or tag). Raises ValueError for any other
    table.
    """
    unpack = gzip.open if path.suffix == ".gz" else open
    with unpack(path, "rt", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        columns = rows.fieldnames or []
        label = next((name for name in ("intent", "tag") if name in columns), None)
        if "text" not in columns or label is None:
            raise ValueError(f"{path.name} needs a first line with the columns text and intent")
        return [Example(row["text"] or "", (row[label],)) for row in rows if row[label]]
