"""A log in order of time: the calls of the bot, and the changes that a chat page shows."""

from collections import deque
from itertools import islice

from holdline.sandbox.bell import Bell
from holdline.sandbox.json_types import Json


class Journal:
    """Entries are numbered from 1. Beyond the limit the oldest entries are removed."""

    def __init__(self, kept: int) -> None:
        self._rows: deque[Json] = deque(maxlen=kept)
        self.last = 0
        self.bell = Bell()

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Json) -> Json:
        self.last += 1
        row["seq"] = self.last
        self._rows.append(row)
        self.bell.ring()
        return row

    def since(self, seq: int, limit: int | None = None) -> list[Json]:
        """Rows with a higher number than `seq`, oldest first."""
        first = self.last - len(self._rows)
        skip = max(0, seq - first)
        newest_first = islice(reversed(self._rows), max(0, len(self._rows) - skip))
        rows = list(newest_first)[::-1]  # searched from the end: readers want the last rows
        return rows if limit is None else rows[:limit]

    def clear(self) -> None:
        self._rows.clear()
