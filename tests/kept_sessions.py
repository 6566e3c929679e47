"""Sessions of PostgreSQL that outlive a store.

A new one knows no table and plans every statement anew: that costs a test more than its own work.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import psycopg
from psycopg import pq
from psycopg._preparing import PrepareManager

_LIKE_NEW = b"SELECT pg_advisory_unlock_all(); UNLISTEN *; DISCARD TEMP; RESET ALL"


@dataclass
class Session:
    """`prepared` is what psycopg knows of its statements."""

    pgconn: pq.abc.PGconn
    prepared: PrepareManager

    def is_like_new(self) -> bool:
        """False where somebody has ended it."""
        return self.pgconn.exec_(_LIKE_NEW).status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


class KeptConnection(psycopg.Connection[Any]):
    """When it is closed, its session stays for the next one to the same database, if that is one of `sessions`."""

    sessions: ClassVar[dict[str, list[Session]]] = {}
    _url = ""

    @classmethod
    def connect(cls, conninfo: str = "", *, autocommit: bool = False, **options: Any) -> Self:
        idle = cls.sessions.get(conninfo)
        while idle:
            session = idle.pop()
            if session.is_like_new():
                return cls._resume(session, conninfo, autocommit=autocommit, **options)
            session.pgconn.finish()
        made = super().connect(conninfo, autocommit=autocommit, **options)
        made._url = conninfo
        return made

    @classmethod
    def _resume(
        cls, session: Session, url: str, *, autocommit: bool, prepare_threshold: int | None = 5
    ) -> Self:
        resumed = cls(session.pgconn)
        resumed._url, resumed._prepared = url, session.prepared
        resumed.autocommit, resumed.prepare_threshold = autocommit, prepare_threshold
        return resumed

    def close(self) -> None:
        if self._url in self.sessions and self.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            self.sessions[self._url].append(Session(self.pgconn, self._prepared))
            self.pgconn = pq.PGconn()  # one that is closed
        super().close()

    @classmethod
    def end_sessions(cls, url: str) -> None:
        """Nothing is kept for that database any more."""
        for session in cls.sessions.pop(url, []):
            session.pgconn.finish()

    @classmethod
    def pids_of(cls, url: str) -> list[int]:
        return [session.pgconn.backend_pid for session in cls.sessions[url]]
