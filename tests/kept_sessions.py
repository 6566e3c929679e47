"""Sessions of PostgreSQL that outlive a store.

A new one knows no table and plans every statement anew: that costs a test more than its own work.
"""

from typing import Any, ClassVar, Self

import psycopg
from psycopg import pq

_LIKE_NEW = b"SELECT pg_advisory_unlock_all(); UNLISTEN *; DISCARD TEMP; RESET ALL"


def make_like_new(session: pq.abc.PGconn) -> bool:
    """Before it rests: one that went on listening holds up whoever drops a database. False where it may not rest."""
    if session.transaction_status != pq.TransactionStatus.IDLE:
        return False
    made = session.exec_(_LIKE_NEW).status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
    while session.notifies():
        pass  # what it was told while it listened is for nobody any more
    return made


def is_alive(session: pq.abc.PGconn) -> bool:
    """False where somebody has ended it."""
    return session.exec_(b"").status == pq.ExecStatus.EMPTY_QUERY


class KeptSession(psycopg.Connection[Any]):
    """When it is closed, its session stays for the next one to the same database, if that is one of `sessions`.

    psycopg prepares nothing itself: at a rollback it would throw away what the engine has prepared there.
    """

    sessions: ClassVar[dict[str, list[pq.abc.PGconn]]] = {}
    _url = ""

    @classmethod
    def connect(cls, conninfo: str = "", *, autocommit: bool = False, **options: Any) -> Self:
        options["prepare_threshold"] = None
        idle = cls.sessions.get(conninfo)
        while idle:
            session = idle.pop()
            if is_alive(session):
                return cls._resume(session, conninfo, autocommit=autocommit)
            session.finish()
        made = super().connect(conninfo, autocommit=autocommit, **options)
        made._url = conninfo
        return made

    @classmethod
    def _resume(cls, session: pq.abc.PGconn, url: str, *, autocommit: bool) -> Self:
        resumed = cls(session)
        resumed._url = url
        resumed.autocommit, resumed.prepare_threshold = autocommit, None
        return resumed

    def close(self) -> None:
        if self._url in self.sessions and make_like_new(self.pgconn):
            self.sessions[self._url].append(self.pgconn)
            self.pgconn = pq.PGconn()  # one that is closed
        super().close()

    @classmethod
    def end_sessions(cls, url: str) -> None:
        """Nothing is kept for that database any more."""
        for session in cls.sessions.pop(url, []):
            session.finish()

    @classmethod
    def pids_of(cls, url: str) -> list[int]:
        return [session.backend_pid for session in cls.sessions[url]]
