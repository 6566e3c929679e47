"""Several ids, or keys, in one statement."""

from collections.abc import Sequence
from typing import TypeVar

Id = TypeVar("Id")


def placeholders(ids: Sequence[Id]) -> tuple[str, dict[str, Id]]:
    """Placeholders in a few fixed lengths, so that prepared statements are found again; `ids` is not empty."""
    size = 1
    while size < len(ids):
        size *= 4
    padded = [*ids, *([ids[-1]] * (size - len(ids)))]
    return ", ".join(f":i{n}" for n in range(size)), {f"i{n}": value for n, value in enumerate(padded)}
