"""Lists, search, overviews and reports of a growing desk, each compared with loading one dialog by its id."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from holdline.desk.people.managers import get_acting_manager
from holdline.desk.reading.figures import make_report
from holdline.desk.reading.finding import find_all
from holdline.desk.reading.overview import overview_of
from holdline.desk.reading.reading import dialog_page
from holdline.desk.settings.lists import add_to_list, ensure_lists
from holdline.dialogs.reports.kinds import ReportKind, ReportQuery
from holdline.dialogs.rules import DeskRules
from holdline.lab.bench.scenario import Scenario, percentile
from holdline.store.clock import ManualClock
from holdline.store.crowd import BETWEEN, DIALOGS_EACH, first_customer, gather_statistics, settle_piece
from holdline.store.dialogs.dialog_filter import DialogFilter
from holdline.store.engine import Store

SIZES = (1_000, 100_000, 1_000_000)
PIECE = 10_000
ROUNDS = 5
BOT, MANAGER = 710_000_000, 500_000_001
"""A separate bot id, because the database may contain data of another scenario."""
START = datetime(2024, 1, 1, tzinfo=UTC)
WORDS = ("refund", "посыл", "pieniadze", "please broken", "n777", "please", "nobody said this")
"""Rare and frequent words in three languages. Every message contains the second to last."""
LISTS: tuple[tuple[str, DialogFilter], ...] = (
    ("newest", DialogFilter()),
    ("newest", DialogFilter(state="active")),
    ("newest", DialogFilter(stage="Closed")),
    ("newest", DialogFilter(stage="New", unassigned=True)),
    ("due", DialogFilter(overdue=True)),
    ("changed", DialogFilter(assignee_telegram_id=MANAGER)),
    ("newest", DialogFilter(tag="Late")),
    ("newest", DialogFilter(type="Support", state="closed")),
    ("newest", DialogFilter(priority="urgent", state="paused")),
)
AIMS = {
    "lists": "p95 under 100 ms at a million dialogs; the floor is one dialog by its id",
    "search": "as fast as one types; every word begins one of two million messages",
    "overview": "as a list; the floor is one dialog by its id",
    "reports": "a second, for 30 days; the floor is one dialog by its id",
}


async def measure(folder: Path, *, store: str | None, most: int = SIZES[-1]) -> list[Scenario]:
    """p95 in ms at each size up to `most`; `store` names an empty database."""
    clock = ManualClock(START)
    rules = DeskRules(admins=(MANAGER,))
    desk = Store(store or "sqlite:///growth.db", bot_id=BOT, base=folder, clock=clock, rules=rules)
    await desk.start()
    try:
        await desk.act(_prepare)
        scenarios, settled = [], 0
        for size in (size for size in SIZES if size <= most):
            await _grow(desk, clock, settled, size)
            scenarios += await _scenarios(desk, size)
            settled = size
        return scenarios
    finally:
        await desk.close()


def _prepare(tx: Any) -> None:
    ensure_lists(tx)
    get_acting_manager(tx, MANAGER)
    for tag in ("Late", "Broken"):
        add_to_list(tx, manager=None, kind="tags", name=tag)


async def _grow(desk: Store, clock: ManualClock, settled: int, size: int) -> None:
    """Adds dialogs in batches, each in its own transaction."""
    for first in range(settled + 1, size + 1, PIECE):
        last = min(first + PIECE - 1, size)
        await desk.act(settle_piece, first=first, last=last, start=START)
    if desk.engine.name == "postgres":
        await desk.act(gather_statistics)
    clock.advance((size - settled) * BETWEEN.total_seconds())


async def _scenarios(desk: Store, size: int) -> list[Scenario]:
    first = await desk.read(first_customer)
    floors = await _take(
        lambda n: desk.read(dialog_page, narrowed=DialogFilter(customer_id=first), limit=1), 50
    )
    floor = percentile(floors, 0.95)
    ways: dict[str, list[Callable[[int], Awaitable[Any]]]] = {
        "lists": [_a_list(desk, order, narrowed) for order, narrowed in LISTS],
        "search": [_a_search(desk, words) for words in WORDS],
        "overview": [lambda n: desk.read(overview_of, customer_id=first + n * 7 % (size // DIALOGS_EACH))],
        "reports": [_a_report(desk, kind) for kind in ReportKind],
    }
    found = []
    for name, calls in ways.items():
        took = [ms for call in calls for ms in await _take(call, ROUNDS)]
        found.append(
            Scenario(f"{name}_p95_at_{size}_dialogs", percentile(took, 0.95), "ms", floor, AIMS[name])
        )
    return found


def _a_list(desk: Store, order: str, narrowed: DialogFilter) -> Callable[[int], Awaitable[Any]]:
    return lambda _: desk.read(dialog_page, narrowed=narrowed, order=order, limit=20)


def _a_search(desk: Store, words: str) -> Callable[[int], Awaitable[Any]]:
    return lambda _: desk.read(find_all, manager_telegram_id=MANAGER, text=words)


def _a_report(desk: Store, kind: ReportKind) -> Callable[[int], Awaitable[Any]]:
    return lambda _: desk.read_heavy(make_report, kind=kind, asked=ReportQuery(days=30))


async def _take(call: Callable[[int], Awaitable[Any]], rounds: int) -> list[float]:
    """Milliseconds of each round."""
    took = []
    for number in range(rounds):
        started = time.perf_counter()
        await call(number)
        took.append((time.perf_counter() - started) * 1000)
    return took
