"""The writer's cache equals the database, whoever changed it."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from holdline.store.engine import Store
from holdline.store.engines.query_cache import MAX_QUERIES, QueryCache, statement_info
from holdline.store.people import managers
from holdline.store.screens import settings
from holdline.store.tx import Tx
from tests.conftest import BOT

MARIA = 610000001


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Store]:
    """SQLite with one manager whom a unit has asked for already."""
    store = Store(f"sqlite:///{tmp_path / 'x.db'}", bot_id=BOT)
    await store.start()
    await store.act(managers.insert, telegram_id=MARIA, name="Maria", role="agent")
    assert await name_of_maria(store) == "Maria"
    yield store
    await store.close()


async def name_of_maria(store: Store) -> str:
    found = await store.act(managers.by_telegram_id, MARIA)
    assert found is not None
    return found.name


async def test_a_change_is_seen_in_its_own_and_the_next_transaction(desk: Store) -> None:
    def renamed(tx: Tx) -> str:
        before = managers.by_telegram_id(tx, MARIA)
        assert before is not None
        managers.update(tx, before.id, name="Maria P.")
        after = managers.by_telegram_id(tx, MARIA)
        assert after is not None
        return after.name

    assert await desk.act(renamed) == "Maria P."
    assert await name_of_maria(desk) == "Maria P."


async def test_a_rolled_back_change_leaves_the_cache(desk: Store) -> None:
    def renamed_in_vain(tx: Tx) -> None:
        tx.run("UPDATE managers SET name = 'Nobody'")
        assert managers.by_telegram_id(tx, MARIA) is not None
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        await desk.act(renamed_in_vain)
    assert await name_of_maria(desk) == "Maria"


async def test_another_process_s_change_is_seen(desk: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("UPDATE managers SET name = 'Maria K.'")
    other.close()
    assert await name_of_maria(desk) == "Maria K."


async def test_changing_a_row_does_not_change_the_cache(desk: Store) -> None:
    await desk.act(settings.put, "x", 1)

    def spoil(tx: Tx) -> None:
        row = tx.one("SELECT name FROM settings WHERE name = :name", name="x")
        assert row is not None
        row["name"] = "spoilt"

    await desk.act(spoil)
    await desk.act(spoil)


@pytest.mark.parametrize(
    ("sql", "repeatable", "changes"),
    [
        ("SELECT * FROM managers m LEFT JOIN roles r ON r.name = m.role", True, None),
        ("SELECT * FROM managers FOR UPDATE", False, None),
        ("SELECT * FROM managers FOR KEY SHARE", False, None),
        ("SELECT * FROM managers m FOR KEY UPDATE OF m", False, None),
        ("SELECT * FROM managers m JOIN dialogs d ON d.assignee_id = m.id", False, None),
        ("SELECT 1", False, None),
        ("WITH RECURSIVE x AS (SELECT 1 FROM lists) SELECT * FROM x", False, None),
        ("  INSERT INTO lists (name) VALUES ('x')", False, "lists"),
        ("UPDATE leases SET epoch = 1 RETURNING epoch", False, "leases"),
        ("DELETE FROM settings", False, "settings"),
        ("ROLLBACK TO SAVEPOINT rendering", False, ""),
        ("WITH gone AS (DELETE FROM lists RETURNING id) SELECT * FROM gone", False, ""),
    ],
)
def test_statements_are_classified_as_cacheable_or_changing(
    sql: str, *, repeatable: bool, changes: str | None
) -> None:
    found = statement_info(sql)
    assert (found.repeatable, found.changes) == (repeatable, changes)


def test_a_change_clears_the_cache_of_its_table_only() -> None:
    memory = QueryCache()
    memory.put(("a",), frozenset({"managers", "roles"}), [{"x": 1}])
    memory.put(("b",), frozenset({"lists"}), [{"x": 2}])
    memory.invalidate("roles")
    assert (memory.get(("a",)), memory.get(("b",))) == (None, [{"x": 2}])
    memory.invalidate("outbox")
    assert memory.get(("b",)) == [{"x": 2}]
    memory.invalidate("")
    assert memory.get(("b",)) is None


def test_the_cache_has_a_maximum_size() -> None:
    memory = QueryCache()
    for number in range(MAX_QUERIES + 1):
        memory.put((number,), frozenset({"lists"}), [])
    assert memory.get((0,)) is None
    assert memory.get((MAX_QUERIES,)) == []


async def test_readers_share_no_mutable_value(desk: Store) -> None:
    def changed_what_was_read(tx: Tx) -> object:
        settings.put(tx, "hours", {"monday": [9, 17]})
        settings.value(tx, "hours", {})["monday"].append(24)
        settings.value(tx, "hours", {})["sunday"] = [0, 0]
        return settings.value(tx, "hours", {})

    assert await desk.act(changed_what_was_read) == {"monday": [9, 17]}
    assert await desk.act(settings.value, "hours", {}) == {"monday": [9, 17]}
