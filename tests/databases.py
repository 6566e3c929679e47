"""PostgreSQL databases for tests: new ones, and used ones that are as good as new.

To make a database and drop it again costs sixty times as much as to delete what one test has written.
"""

import asyncio
import getpass
import os
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg

from holdline.store.engine import Store
from tests.kept_sessions import KeptConnection

BOT = 7000000001
MOST_USES = 400
"""Deleted rows stay in the files, because nothing vacuums them: sooner or later a new copy is cheaper."""

_END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND NOT pid = ANY(%s)"""
_TABLES = """SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migrations'"""
_SEQUENCES = """SELECT format('setval(%L, %s, false)', seqrelid::regclass, seqstart) FROM pg_sequence"""
_CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc")
_FINGERPRINT = f"""SELECT
    {", ".join(f"(SELECT sum(xmin::text::bigint) FROM {name})" for name in (*_CATALOGUES, "migrations"))},
    (SELECT count(*) FROM pg_db_role_setting AS s JOIN pg_database AS d ON d.oid = s.setdatabase
     WHERE d.datname = current_database())"""
"""Whatever changes a table, an index, a trigger, a function or a migration writes a row with a later number."""


@dataclass
class Copy:
    """A database with every table and no row; `fingerprint` is what its schema was when it was new."""

    name: str
    url: str
    make_as_new: str
    fingerprint: tuple[object, ...]
    uses: int = 0


def new_server_folder() -> Path:
    """For a server's files: not below pytest's own folder, which every run that begins shuts to other users.

    Root may not run PostgreSQL, so that there the server is another user, and a second run would end it.
    """
    root = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    return Path(tempfile.mkdtemp(prefix="holdline-postgres-", dir=root))


class Databases:
    """Of one server, for one test process."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._numbers = count(1)
        self._unused: list[Copy] = []

    def url_of(self, name: str) -> str:
        if "/postgres?" in self._server_url:
            return self._server_url.replace("/postgres?", f"/{name}?")
        return f"{self._server_url.rsplit('/', 1)[0]}/{name}"

    def create(self, template: str = "template1") -> str:
        """The name of a new database."""
        name = f"holdline_{next(self._numbers)}_{getpass.getuser()}"
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def drop(self, name: str) -> None:
        KeptConnection.end_sessions(self.url_of(name))
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def borrow_copy(self) -> Copy:
        """With every table and no row; give it back with `return_copy`."""
        copy = self._unused.pop() if self._unused else self._new_copy()
        copy.uses += 1
        return copy

    def return_copy(self, copy: Copy) -> None:
        """It is handed out again, unless a test has changed more than rows."""
        if copy.uses < MOST_USES and _emptied(copy):
            self._unused.append(copy)
        else:
            self.drop(copy.name)

    @cached_property
    def _template(self) -> str:
        name = self.create()
        asyncio.run(migrate(self.url_of(name)))
        return name

    def _new_copy(self) -> Copy:
        name = self.create(self._template)
        url = self.url_of(name)
        KeptConnection.sessions[url] = []
        with KeptConnection.connect(url, autocommit=True) as connection:
            statements = ["SELECT pg_stat_reset()"]
            statements += [f'DELETE FROM "{table}"' for (table,) in connection.execute(_TABLES)]
            sequences = ", ".join(text for (text,) in connection.execute(_SEQUENCES))
            fingerprint = connection.execute(_FINGERPRINT).fetchone()
        assert fingerprint is not None
        return Copy(name, url, "; ".join([*statements, f"SELECT {sequences}"]), fingerprint)


def _emptied(copy: Copy) -> bool:
    """Without the checks that keep foreign keys and history while the desk is at work."""
    try:
        with KeptConnection.connect(copy.url, autocommit=True) as connection:
            while connection.execute(_END_OTHERS, [KeptConnection.pids_of(copy.url)]).fetchall():
                time.sleep(0.001)
            if connection.execute(_FINGERPRINT).fetchone() != copy.fingerprint:
                return False
            connection.execute("SET session_replication_role = replica")
            connection.execute(copy.make_as_new.encode())
            return True
    except psycopg.Error:
        return False


async def migrate(url: str) -> None:
    store = Store(url, bot_id=BOT)
    await store.start()
    await store.close()
