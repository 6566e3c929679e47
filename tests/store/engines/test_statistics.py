"""PostgreSQL learns within seconds that a table has grown, and plans for it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from holdline.store.delivery import chats, waiting_chats
from holdline.store.engine import Store
from holdline.store.tx import Tx

CHATS, ANNOUNCEMENTS = 500, 8_000
FIRST_CHAT = 1_000
MOST_ROWS_EACH = 40
"""Rows that pass through the plans for each announcement: 6 when planned well, 1,700 as for a small table."""


class Explained(Exception):
    """Rolls back what an explained statement changed."""


@pytest.fixture
async def desk(postgres_url: str) -> AsyncIterator[Store]:
    """A database of its own: the statistics of a copy that tests share are those of its last test."""
    store = Store(postgres_url, bot_id=1)
    await store.start()
    yield store
    await store.close()


def queue_much(tx: Tx) -> None:
    chats.add(tx, list(range(FIRST_CHAT, FIRST_CHAT + CHATS)))
    for first in range(0, ANNOUNCEMENTS, CHATS):
        for chat_id in range(FIRST_CHAT, FIRST_CHAT + min(CHATS, ANNOUNCEMENTS - first)):
            waiting_chats.announce(tx, chat_id, "marketing", tx.at)
        waiting_chats.flush(tx)
    tx.run("SELECT pg_stat_force_next_flush()")


def rows_passed_on(plan: dict[str, Any]) -> float:
    own = (plan["Actual Rows"] + plan.get("Rows Removed by Join Filter", 0)) * plan["Actual Loops"]
    return float(own) + sum(rows_passed_on(step) for step in plan.get("Plans", []))


async def count_rows(store: Store) -> float:
    """Rows that pass through the plans of the statements that take announcements."""
    counted: list[float] = []

    def explain(tx: Tx) -> None:
        for statement in waiting_chats.TAKE:
            explained = tx.all(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", bot=tx.bot_id)
            counted.append(rows_passed_on(next(iter(explained[0].values()))[0]["Plan"]))
        raise Explained

    with pytest.raises(Explained):
        await store.act(explain)
    return sum(counted)


async def test_after_a_bulk_load_announcements_are_taken_without_table_scans(desk: Store) -> None:
    await desk.act(queue_much)
    before = await count_rows(desk)
    assert await desk.refresh_statistics() >= 2
    after = await count_rows(desk)
    assert after < MOST_ROWS_EACH * ANNOUNCEMENTS < before


async def test_tables_are_analysed_once_and_again_when_they_have_doubled(desk: Store) -> None:
    await desk.act(queue_much)
    assert await desk.refresh_statistics()
    assert await desk.refresh_statistics() == 0
    await desk.act(queue_much)
    assert await desk.refresh_statistics() == 0, "as many changes as rows: not yet"
    await desk.act(queue_much)
    assert await desk.refresh_statistics() == 1
