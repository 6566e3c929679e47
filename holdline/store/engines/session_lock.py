"""PostgreSQL's lock of a process: an advisory lock on a session of its own.

The server frees it when the session ends. A session ends with its process, but also alone: if the connection is cut,
the server restarts or an administrator ends it. So a leader that has lost the lock begins nothing, and takes a
second lock, the claim, to show that it is alive. Anyone who finds the lock free listens for the claim
(docs/decisions/0004-who-is-dead.md).
"""

import hashlib
import logging
from threading import Event, Thread
from time import monotonic
from typing import Any

import psycopg

from holdline.store.errors import StoreUnavailable

LOOK_SECONDS = 0.25
LIVENESS_SECONDS = 2.0
"""How long to listen for a claim; a living leader makes one within a look after the server accepts sessions."""

log = logging.getLogger("holdline.lead")


class SessionLock:
    """A free lock proves nothing if its holder may only have lost the database: not certain."""

    certain = False

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._lock, self._liveness_key = _key(name), _key(f"{name}:claim")
        self._session: Any = None
        self._held: set[int] = set()
        self._had = False
        self._over = Event()
        self._keeper: Thread | None = None

    @property
    def lost(self) -> bool:
        return self._had and self._lock not in self._held

    def take(self) -> bool:
        if self._keeper is not None:
            if self._lock in self._held:
                return True
            self.drop()
        try:
            self._connect()
            if self._try(self._lock):
                self._had = True
                return True
        except psycopg.Error as broken:
            log.info("the lock cannot be asked for: %s", broken)
        self._forget()
        return False

    def is_abandoned(self) -> bool:
        """Raises StoreUnavailable if the session is cut meanwhile."""
        if self._keeper is not None:
            return True  # we never lost it
        deadline = monotonic() + LIVENESS_SECONDS
        try:
            while monotonic() < deadline:
                if not self._try(self._liveness_key):
                    return False
                self._release(self._liveness_key)
                self._over.wait(LOOK_SECONDS)
        except psycopg.Error as broken:
            self._forget()
            raise StoreUnavailable(str(broken)) from broken
        return True

    def keep(self) -> None:
        if self._keeper is None:
            self._over = Event()
            self._keeper = Thread(target=self._watch, args=(self._over,), daemon=True, name="session-lock")
            self._keeper.start()

    def drop(self) -> None:
        self._over.set()
        if self._keeper is not None:
            self._keeper.join()
        self._keeper, self._had = None, False
        self._unlock()
        self._forget()

    def _unlock(self) -> None:
        """Waits for the server's confirmation: a session that is only closed may hold its locks for a moment longer."""
        try:
            for key in tuple(self._held):
                self._release(key)
        except psycopg.Error as broken:
            log.info("the lock ends with its session: %s", broken)

    def _watch(self, over: Event) -> None:
        """Runs in a thread, so that a blocked event loop does not delay the claim."""
        while not over.is_set():
            try:
                self._hold()
                for _ in self._session.notifies(
                    timeout=LOOK_SECONDS
                ):  # ends with an error when the session does
                    pass
            except psycopg.Error as broken:
                if self._lock in self._held:
                    log.warning("the lock's session was cut, nothing is begun until it is back: %s", broken)
                self._forget()
                over.wait(LOOK_SECONDS)

    def _hold(self) -> None:
        """Takes the lock if it is free; until then holds the claim."""
        self._connect()
        if self._lock in self._held:
            return
        if not self._try(self._lock):
            if self._liveness_key not in self._held:
                self._try(self._liveness_key)
            return
        self._had = True
        if self._liveness_key in self._held:
            self._release(self._liveness_key)

    def _connect(self) -> None:
        if self._session is None:
            self._session = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=2,
                keepalives_idle=30,
                keepalives_interval=10,
                keepalives_count=3,
            )

    def _try(self, key: int) -> bool:
        row = self._session.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
        if row[0]:
            self._held.add(key)
        return bool(row[0])

    def _release(self, key: int) -> None:
        self._session.execute("SELECT pg_advisory_unlock(%s)", (key,))
        self._held.discard(key)

    def _forget(self) -> None:
        self._held.clear()
        if self._session is not None:
            session, self._session = self._session, None
            session.close()


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
