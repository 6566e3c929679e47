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
from typing import Any

import psycopg

from holdline.store.engine import Store
from tests.kept_sessions import KeptSession

BOT = 7000000001
MOST_USES = 400
"""Deleted rows stay in the files, because nothing vacuums them: sooner or later a new copy is cheaper."""

_END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND NOT pid = ANY(%s)"""
_TABLES = """SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migrations'"""
_SEQUENCES = "SELECT format('PERFORM setval(%L, %s, false)', seqrelid::regclass, seqstart) FROM pg_sequence"
_WATCHED = """CREATE TABLE tests.changes (command TEXT);
    CREATE FUNCTION tests.note_change() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF tg_event = 'sql_drop' OR EXISTS (SELECT FROM pg_event_trigger_ddl_commands()) THEN
            INSERT INTO tests.changes VALUES (tg_tag);
        END IF;
    END $$;
    CREATE EVENT TRIGGER note_changes ON ddl_command_end EXECUTE FUNCTION tests.note_change();
    CREATE EVENT TRIGGER note_drops ON sql_drop EXECUTE FUNCTION tests.note_change()"""
"""Whatever changes a table, an index, a trigger or a function is noted: to look through the catalogues costs as much as
to empty the tables."""
_CHANGES = """SELECT (SELECT count(*) FROM tests.changes),
    (SELECT sum(xmin::text::bigint) FROM migrations),
    (SELECT string_agg(s.setconfig::text, ',') FROM pg_db_role_setting AS s
     JOIN pg_database AS d ON d.oid = s.setdatabase WHERE d.datname = current_database())"""


@dataclass
class Copy:
    """A database with every table and no row; `changes` is what is known of it when it is new."""

    name: str
    url: str
    keeper: psycopg.Connection[Any]
    """A session of its own, which no check of rows and history hinders. To switch these checks off in one that the desk
    goes on with would throw away every plan that it has made."""
    changes: tuple[object, ...]
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
        KeptSession.end_sessions(self.url_of(name))
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
            copy.keeper.close()
            self.drop(copy.name)

    def close(self) -> None:
        """Before the server ends."""
        for copy in self._unused:
            copy.keeper.close()

    @cached_property
    def _template(self) -> str:
        name = self.create()
        asyncio.run(migrate(self.url_of(name)))
        with psycopg.connect(self.url_of(name), autocommit=True) as connection:
            connection.execute(_function_that_empties(connection).encode())
            connection.execute(_WATCHED.encode())
        return name

    def _new_copy(self) -> Copy:
        """Its sessions plan each statement once. By itself PostgreSQL makes five plans for values first."""
        name = self.create(self._template)
        url = self.url_of(name)
        KeptSession.sessions[url] = []
        keeper = psycopg.connect(url, autocommit=True)
        keeper.execute(f'ALTER DATABASE "{name}" SET plan_cache_mode = force_generic_plan'.encode())
        keeper.execute("SET session_replication_role = replica")
        changes = keeper.execute(_CHANGES).fetchone()
        assert changes is not None
        return Copy(name, url, keeper, changes)


def _function_that_empties(connection: psycopg.Connection[Any]) -> str:
    """One whose statements are planned once: that is nearly all that it costs to delete little."""
    steps = ["PERFORM pg_stat_reset()"]
    steps += [f'DELETE FROM "{table}"' for (table,) in connection.execute(_TABLES)]
    steps += [text for (text,) in connection.execute(_SEQUENCES)]
    return f"""CREATE SCHEMA tests; CREATE FUNCTION tests.make_as_new() RETURNS void LANGUAGE plpgsql
        AS $$ BEGIN {"; ".join(steps)}; END $$"""


def _emptied(copy: Copy) -> bool:
    """Without the checks that keep foreign keys and history while the desk is at work."""
    try:
        while copy.keeper.execute(_END_OTHERS, [KeptSession.pids_of(copy.url)]).fetchall():
            time.sleep(0.001)
        unchanged = copy.keeper.execute(_CHANGES).fetchone() == copy.changes
        if unchanged:
            copy.keeper.execute("SELECT tests.make_as_new()")
    except psycopg.Error:
        return False
    return unchanged


async def migrate(url: str) -> None:
    store = Store(url, bot_id=BOT)
    await store.start()
    await store.close()
