"""T36: what has been sent and handled does not slow down what waits: plans and times with many finished rows."""

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

from holdline.scheduler.sender import Sender
from holdline.scheduler.timers import chores_of
from holdline.store.delivery import chats, in_flight, outbox
from holdline.store.engine import Store
from holdline.store.intake import inbox_jobs
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from tests.faults.figures import Figures, get_size, report

NUMBERS = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {})"
CUSTOMERS = """INSERT INTO customers (bot_id, telegram_id, name, created_at)
    SELECT :bot, 600000000 + i, 'Guest', :at FROM n"""
CHATS = """INSERT INTO chats (bot_id, chat_id, customer_id, kind, dialog_due_at, marketing_due_at)
    SELECT :bot, telegram_id, id, 'private', :at, :at FROM customers"""
OUTBOX = """INSERT INTO outbox (bot_id, chat_id, stream, class, kind, key, payload_json, customer_id, due_at, status,
        attempts, settled_at, created_at, audience)
    SELECT :bot, 600000001 + i % {chats}, CASE WHEN i % 2 = 0 THEN 'dialog' ELSE 'marketing' END,
        CASE WHEN i % 2 = 0 THEN 'reply' ELSE 'broadcast' END, 'message', '{status}-{first}-' || i, '{{}}',
        (SELECT id FROM customers WHERE telegram_id = 600000001 + i % {chats}), :at, '{status}', 1, {settled}, :at,
        'customer' FROM n"""
INBOX = """INSERT INTO inbox (bot_id, update_id, ordering_key, raw, received_at, state)
    SELECT :bot, {first} + i, 600000001 + i % {chats}, '{{}}', :at, '{state}' FROM n"""
ROUNDS, OWN_PLANS = 15, 6
WAITING_FROM = 50_000_000
LARGE = 50_000
RATIO, FLOOR_MS = 3.0, 2.0
"""How many times slower a question may become; what takes less than two ms counts as two."""
QUESTIONS: dict[str, Callable[[Any], object]] = {
    "dialogs": lambda tx: in_flight.lock_due_chats(tx, 30),
    "marketing": lambda tx: chats.lock_due_for_marketing(tx, 30),
    "next due": chats.next_due,
    "expired": outbox.list_expired,
    "inbox": lambda tx: inbox_jobs.claim_next(tx, limit=16),
}


class _Undo(Exception):
    """Nothing of a question stays."""


class Explaining:
    """A transaction that also keeps the plan of each query."""

    def __init__(self, tx: Tx, verb: str) -> None:
        self._tx, self._verb = tx, verb
        self.plans: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def all(self, sql: str, **values: Any) -> list[Row]:
        steps = self._tx.all(f"{self._verb} {sql}", **values)
        self.plans.append("\n".join(str(row.get("detail", row.get("QUERY PLAN"))) for row in steps))
        return self._tx.all(sql, **values)

    def one(self, sql: str, **values: Any) -> Row | None:
        return next(iter(self.all(sql, **values)), None)


async def fill(store: Store, *, waiting: int, finished: int, first: int) -> None:
    """`first` keeps the numbers of several rounds apart."""
    people = max(10, waiting // 10)

    def add(tx: Tx, count: int, sql: str, **parts: object) -> None:
        text = NUMBERS.format(count) + sql.format(chats=people, **parts)
        tx.run(text, bot=tx.bot_id, at=tx.at)

    if waiting:
        await store.act(add, people, CUSTOMERS)
        await store.act(lambda tx: tx.run(CHATS, bot=tx.bot_id, at=tx.at))
        await store.act(add, waiting, OUTBOX, status="queued", settled="NULL", first=WAITING_FROM)
        await store.act(add, waiting, INBOX, state="new", first=WAITING_FROM)
    await store.act(add, finished, OUTBOX, status="sent", settled=":at", first=first)
    await store.act(add, finished, INBOX, state="done", first=first)
    await store.scrub()
    await store.act(lambda tx: tx.run("ANALYZE"))


async def plans(store: Store, *, large: bool) -> list[str]:
    verb = "EXPLAIN QUERY PLAN" if store.engine.name == "sqlite" else "EXPLAIN"
    found: list[str] = []

    def ask(tx: Tx) -> None:
        if verb == "EXPLAIN" and not large:
            tx.run("SET LOCAL enable_seqscan = off")  # a small table is rightly read from end to end
        for question in QUESTIONS.values():
            explaining = Explaining(tx, verb)
            question(explaining)
            found.extend(explaining.plans)
        raise _Undo

    await _undone(store, ask)
    return found


async def times(store: Store) -> dict[str, float]:
    """The best of the later rounds for each question and each chore, in ms.

    After five rounds PostgreSQL may change to a plan for any value; other processes disturb single rounds.
    """
    took: dict[str, list[float]] = {name: [] for name in QUESTIONS}

    def ask(tx: Tx, name: str) -> None:
        begun = perf_counter()
        QUESTIONS[name](tx)
        took[name].append((perf_counter() - begun) * 1000)
        raise _Undo

    for _ in range(ROUNDS):
        for name in QUESTIONS:
            await _undone(store, partial(ask, name=name))
        for chore in chores_of(store, Sender(store, render=_said, gateway=None)):  # type: ignore[arg-type] # calls nobody
            begun = perf_counter()
            await chore.do()
            took.setdefault(f"chore {chore.name}", []).append((perf_counter() - begun) * 1000)
    return {name: min(each[OWN_PLANS:]) for name, each in took.items()}


def _said(tx: Tx, item: Row) -> Call | Skip:
    return Skip("nothing is sent here")


async def _undone(store: Store, ask: Callable[[Tx], None]) -> None:
    try:
        await store.act(ask)
    except _Undo:
        return
    raise AssertionError("a question was not undone")


def reads_all(plan: str) -> bool:
    """Whether a step reads one of the two queues from end to end."""
    words = ("SCAN outbox", "SCAN o\n", "SCAN inbox", "SCAN next", "Seq Scan on outbox", "Seq Scan on inbox")
    return any(word in f"{plan}\n" and f"{word} USING" not in plan for word in words)


async def test_finished_rows_do_not_slow_down_waiting_ones(store: Store) -> None:
    finished, waiting = get_size("HOLDLINE_FINISHED", 4000), get_size("HOLDLINE_WAITING", 400)
    await fill(store, waiting=waiting, finished=finished // 20, first=0)
    before = await times(store)
    await fill(store, waiting=0, finished=finished - finished // 20, first=10_000_000)
    after, found = await times(store), await plans(store, large=finished > LARGE)
    slow = [plan for plan in found if reads_all(plan)]
    grown = {name: after[name] / max(before[name], FLOOR_MS) for name in after}
    told = ", ".join(f"{name} {after[name]:.1f} ms" for name in QUESTIONS)
    worst = max(grown, key=lambda name: grown[name])
    told += f"; slowest growth {worst} x{grown[worst]:.1f}"
    broken = [*slow, *(f"{name} x{ratio:.1f}" for name, ratio in grown.items() if ratio > RATIO)]
    report(Figures(tried=len(found), broken=len(broken), note=f"{store.engine.name}: {told}"))
    assert len(found) >= len(QUESTIONS)
    assert broken == []


def test_a_plan_that_reads_a_whole_queue_is_detected() -> None:
    assert reads_all("SCAN o")
    assert reads_all("Seq Scan on outbox o  (cost=0.00..9 rows=1)")
    assert not reads_all("SEARCH o USING INDEX outbox_next (bot_id=? AND chat_id=?)")
