"""Everything that SQLite writes, syncs, truncates and deletes, recorded through a VFS of apsw.

`Disk` replays the record up to a power cut: what was synced survives, each later write survives, is lost or is torn.
"""

import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import apsw

from holdline.store.engines.case_folding import fold_case
from holdline.store.engines.hosted_connection import HostedConnection

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Write:
    path: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Delete:
    path: str


@dataclass(frozen=True, slots=True)
class Sync:
    path: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Somebody was told that `what` is stored: it may never be missing after this."""

    what: object


Step = Write | Truncate | Delete | Sync | Confirmed


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], record: list[Step]) -> None:
        self._path = str(name.filename() if isinstance(name, apsw.URIFilename) else name)
        self._record = record
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._record.append(Write(self._path, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._record.append(Truncate(self._path, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._record.append(Sync(self._path))


class RecordingVfs(apsw.VFS):
    """Registered under `name`; `record` grows while it is used."""

    def __init__(self, name: str) -> None:
        self.record: list[Step] = []
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        return _File(name, flags, self.record)

    def xDelete(self, name: str, syncdir: bool) -> None:
        self.record.append(Delete(name))
        super().xDelete(name, syncdir)


@dataclass
class _Rows:
    """What the engine uses of a cursor of the standard library."""

    description: Any
    rowcount: int
    rows: list[Any]

    def fetchall(self) -> list[Any]:
        return self.rows

    def fetchone(self) -> Any:
        return self.rows[0] if self.rows else None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)


class _AsSqlite3:
    """A connection of apsw with the methods and errors of the standard library's that the engine uses."""

    def __init__(self, path: Path, vfs: str) -> None:
        self._raw = apsw.Connection(str(path), vfs=vfs)

    def execute(self, sql: str, values: Any = ()) -> _Rows:
        seen: list[Any] = []

        def note(cursor: apsw.Cursor, _sql: str, _values: Any) -> bool:
            seen[:] = cursor.get_description()
            return True

        cursor = self._raw.cursor()
        cursor.exec_trace = note
        try:
            rows = cursor.execute(sql, values).fetchall()
        except apsw.ConstraintError as refused:
            raise sqlite3.IntegrityError(str(refused)) from refused
        except apsw.Error as refused:
            raise sqlite3.OperationalError(str(refused)) from refused
        return _Rows(seen or None, self._raw.changes(), rows)

    @property
    def in_transaction(self) -> bool:
        return self._raw.in_transaction

    def create_function(self, name: str, count: int, function: Callable[..., Any], **_: Any) -> None:
        self._raw.create_scalar_function(name, function, count, deterministic=True)

    def close(self) -> None:
        self._raw.close()


class RecordedConnection(HostedConnection):
    """Opened with the engine's own settings, in the VFS that `vfs` names. `weaker` replaces one of the settings."""

    vfs: ClassVar[str] = ""
    weaker: ClassVar[tuple[str, ...]] = ()

    @classmethod
    async def open(cls, path: Path, pragmas: tuple[str, ...]) -> Self:
        def connect() -> Any:
            raw = _AsSqlite3(path, cls.vfs)
            for pragma in (*pragmas, *cls.weaker):
                raw.execute(f"PRAGMA {pragma}")
            raw.create_function("folded", 1, fold_case)
            return raw

        connection = cls(connect, iter_chunk_size=64)
        await connection
        return connection


@dataclass
class Disk:
    """What surely is on the disk, and what was written since the last sync of each file."""

    safe: dict[str, bytearray]
    pending: defaultdict[str, list[Write | Truncate | Delete]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def take(self, step: Step) -> None:
        match step:
            case Sync(path):
                content = self.safe.setdefault(path, bytearray())
                for change in self.pending.pop(path, []):
                    _apply(content, change)
            case Write() | Truncate() | Delete():
                self.pending[step.path].append(step)

    def cut(self, dice: random.Random) -> dict[str, bytearray]:
        """The files after a power cut now."""
        files = {path: bytearray(content) for path, content in self.safe.items()}
        for path, changes in self.pending.items():
            content = files.setdefault(path, bytearray())
            for change in changes:
                if survivor := _survivor(change, dice):
                    _apply(content, survivor)
        return {path: content for path, content in files.items() if content}


def _survivor(change: Write | Truncate | Delete, dice: random.Random) -> Write | Truncate | Delete | None:
    fate = dice.random()
    if isinstance(change, Write) and fate < 0.2:
        kept = dice.randrange(0, len(change.data) // SECTOR + 1) * SECTOR
        return Write(change.path, change.offset, change.data[:kept])
    return change if fate < 0.6 else None


def _apply(content: bytearray, change: Write | Truncate | Delete) -> None:
    match change:
        case Write(_, offset, data):
            if offset > len(content):
                content.extend(bytes(offset - len(content)))
            content[offset : offset + len(data)] = data
        case Truncate(_, size):
            del content[size:]
        case Delete():
            content.clear()
