"""A desk that has worked for years is as quick as on its first day: every statement finds its rows by an index."""

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from holdline.app import wiring
from holdline.desk.health.activity import activity
from holdline.scheduler.timers import Timers
from holdline.store.broadcasts.recipient_lists import list_put_off
from holdline.store.delivery import chats
from holdline.store.engines.hosted_connection import HostedConnection
from holdline.store.engines.sqlite import SqliteEngine
from holdline.store.marketing.outbound_list import OutboundFilter, page
from holdline.store.marketing.sent import count_since
from holdline.store.tx import EPOCH
from tests.journeys.hands import offered, paused
from tests.journeys.world import World, rows_of

GROWING = {
    "chats", "customers", "dialogs", "history", "inbox", "inbox_items", "messages", "notes", "outbox",
    "outbox_attempts", "places", "ratings", "telegram_messages",
}  # fmt: skip
_LITERAL = re.compile(r"'(?:[^']|'')*'|-?\b\d+\b")
_NAMED = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+AS)?\s+(\w+)")
_READS_ALL = re.compile(r"(?:SCAN (\w+)|SEARCH (\w+) USING (?:COVERING )?INDEX (\w+) \(bot_id=\?\))$")
_VERBS = ("SELECT", "UPDATE", "DELETE", "WITH")  # an INSERT of values looks nothing up but its own keys


class Listener:
    """Hears every statement, one of each shape."""

    def __init__(self, engine: SqliteEngine) -> None:
        self.heard: dict[str, str] = {}
        self._connections = [one for one in (engine._writer, *engine._readers) if one is not None]

    async def listens(self, *, on: bool = True) -> None:
        for connection in self._connections:
            await connection.run_in_thread(
                lambda one=connection: one.raw.set_trace_callback(self._hear if on else None)
            )

    @property
    def reader(self) -> HostedConnection:
        return self._connections[-1]

    def _hear(self, text: str) -> None:
        if text.lstrip().upper().startswith(_VERBS):
            self.heard.setdefault(_LITERAL.sub("?", text), text)


def slow(texts: list[str], connection: sqlite3.Connection) -> list[str]:
    """Statements that read a growing table from end to end, with the step that does.

    A partial index holds only what waits: whoever counts that, such as the metrics, does not read the table.
    """
    partial = {
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        )
    }
    found = []
    for text in texts:
        aliases = {alias: table for table, alias in _NAMED.findall(text)}
        for step in connection.execute(f"EXPLAIN QUERY PLAN {text}"):
            read = _READS_ALL.match(step[3])
            name = (read.group(1) or read.group(2)) if read else ""
            counts_waiting = read is not None and read.group(3) in partial and "COUNT(*)" in text
            if aliases.get(name, name) in GROWING and not counts_waiting:
                found.append(f"{step[3]}: {' '.join(text.split())}")
    return found


@pytest.fixture
def without_slow_chores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chores of the minute and the hour list everything that waits, and `test_grown_queues.py` measures them. Without
    them it is the same whether a test takes a second or two minutes.
    """
    monkeypatch.setattr(wiring, "Timers", lambda chores: Timers([one for one in chores if one.seconds < 60]))


@pytest.mark.usefixtures("without_slow_chores")
async def test_no_statement_of_a_dialogs_life_reads_a_whole_table(desk: World) -> None:
    assert isinstance(desk.store.engine, SqliteEngine)
    listener = Listener(desk.store.engine)
    await listener.listens()
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    anna.says("Where is it?")
    await thread.shows("Where is it?")
    for offer in ("funnel", "broadcast", "smart_reply"):
        await offered(desk, anna, f"From a {offer}", offer)
    maria.says("/note Ask the courier", thread)
    maria.says("On its way", thread)
    await anna.gets("On its way")
    await paused(desk, maria, thread)
    await anna.gets("From a broadcast")
    maria.says("/resume", thread)
    await thread.card_says("▶️ #")
    maria.says("/close 3 form", thread)
    form = await anna.gets(rows_of)
    anna.presses(form, 2)
    await thread.card_says("Customer → us: 3")
    for path in ("history", "transcript"):
        await desk.get(f"/dialogs/{thread.dialog_id}/{path}")
    await desk.store.read(activity, since=None)  # what each process asks once a minute
    await listener.listens(on=False)
    assert len(listener.heard) > 60
    assert (
        await listener.reader.run_in_thread(lambda: slow([*listener.heard.values()], listener.reader.raw))
        == []
    )


@dataclass
class Asked:
    """In place of a transaction: keeps the last question and answers that there is nothing."""

    bot_id: int = 1
    at: datetime = EPOCH
    question: tuple[str, dict[str, Any]] = ("", {})

    def all(self, sql: str, **values: Any) -> list[Any]:
        self.question = (sql, values)
        return []

    def one(self, sql: str, **values: Any) -> None:
        self.all(sql, **values)


async def test_marketing_is_found_by_its_topic_and_counted_by_its_customer(desk: World) -> None:
    assert isinstance(desk.store.engine, SqliteEngine)
    nothing = {"message_id": None, "id": None}
    for ask, index in (
        (
            partial(page, narrowed=OutboundFilter(topic="rare"), order="newest", after=None, limit=9),
            "outbox_of_topic",
        ),
        (partial(count_since, customer_id=1, since=EPOCH, besides=nothing), "outbox_marketing_sent"),
        (partial(list_put_off, broadcast_id=1), "COVERING INDEX broadcast_recipients_put_off"),
    ):
        asked: Any = Asked()
        ask(asked)
        sql, values = asked.question
        plan = await desk.store.read(lambda tx, s=sql, v=values: str(tx.all(f"EXPLAIN QUERY PLAN {s}", **v)))
        assert index in plan, plan


async def test_marketing_finds_its_chats_by_class_and_the_chosen_ones_by_key(desk: World) -> None:
    """Neither a broadcast to everybody nor those behind a gate make a turn of the sender long."""
    assert isinstance(desk.store.engine, SqliteEngine)
    reader = Listener(desk.store.engine).reader
    text = f"EXPLAIN QUERY PLAN {chats.MARKETING_DUE.split('FOR UPDATE', maxsplit=1)[0]}"
    values = {"bot": 1, "at": 1, "limit": 1}
    steps = await reader.run_in_thread(lambda: [row[3] for row in reader.raw.execute(text, values)])
    found = [step for step in steps if step.startswith(("SEARCH", "SCAN ch", "SCAN cu"))]
    by_class = ["SEARCH ch USING INDEX chats_by_urgency (bot_id=? AND urgency=? AND marketing_due_at<?)"]
    by_key = ["SEARCH ch USING INDEX sqlite_autoindex_chats_1 (bot_id=? AND chat_id=?)"]
    customer = ["SEARCH cu USING INTEGER PRIMARY KEY (rowid=?)"]
    assert sorted(found) == sorted(3 * (by_class + customer) + by_key + customer)


async def test_a_statement_that_reads_a_whole_table_is_detected() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE outbox (id INTEGER PRIMARY KEY, bot_id, place, key)")
        by_bot = "SELECT o.* FROM outbox o WHERE o.bot_id = 1 AND o.place = 2"
        by_age = "SELECT * FROM outbox WHERE key = 'x'"
        assert len(slow([by_bot, by_age], connection)) == 2
        connection.execute("CREATE UNIQUE INDEX by_key ON outbox (bot_id, key)")
        assert slow([by_bot], connection) == [f"SEARCH o USING INDEX by_key (bot_id=?): {by_bot}"]
        waiting = "SELECT COUNT(*) FROM outbox WHERE bot_id = 1 AND place IS NULL"
        assert len(slow([waiting], connection)) == 1
        connection.execute("CREATE INDEX by_place ON outbox (bot_id) WHERE place IS NULL")
        assert slow([waiting], connection) == []
        everyone = "SELECT * FROM outbox WHERE bot_id = 1 AND place IS NULL"
        assert len(slow([everyone], connection)) == 1
    connection.close()
