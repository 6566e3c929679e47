"""Killed at every call: before each statement, around each commit, before, in and after each request.

Each day of one desk has its own death; the next process ends that day and begins the next one. `HOLDLINE_POINTS=0`
tries every point of a day. Another number tries so many, evenly from a random first one; three of four at the edges,
because what a transaction has not committed is the same after each of its statements.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from holdline.sandbox import SEED_GROUP
from tests.faults import victims
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.ledger import BEGUN_WHILE_HELD, asked, engine_of, orphans
from tests.faults.points.board import EDGES, STATEMENTS, Board, Point
from tests.faults.points.day import Day, Stage, furnish, receiver
from tests.faults.scene import PATIENCE_SECONDS, Scene, scene
from tests.faults.verdict import judged

POINTS = get_size("HOLDLINE_POINTS", 4)
ENDLESS = 10**12


class Deaths:
    """`struck` counts them by the kind of point, `missed` those that the day did not reach; `repeats` what appeared
    again, of `in_flight` calls.
    """

    def __init__(self, stage: Stage, board: Path) -> None:
        self.stage, self.scene = stage, stage.scene
        self._path, self._board = board, Board(board)
        self._number = 0
        self.struck: Counter[str] = Counter()
        self.missed = self.in_flight = self.repeats = self.doubled = self.lost = 0
        self.broken: list[str] = []

    async def begins(self) -> None:
        self.scene.start(victims.counting_calls, str(self._path))
        await self.scene.at_work()

    async def count_points(self) -> dict[Point, int]:
        """How many of each kind an undisturbed day has."""
        self._board.arm(ENDLESS)
        await self._day().passes()
        met = self._board.met()
        self._board.arm(0)
        return met

    async def at(self, kinds: frozenset[Point], point: int) -> None:
        """A day with a death at that point of it. How many points a day has depends on how long it waits, so one that
        was not reached is replaced by one of those that were.
        """
        reached = await self._try(kinds, point)
        if reached:
            await self._try(kinds, self.scene.dice.randint(1, reached))

    async def _try(self, kinds: frozenset[Point], point: int) -> int:
        """Returns 0 after a death, else how many points the day had. It ends under the next process."""
        day = self._day()
        self._board.arm(point, kinds)
        assert self.scene.desk is not None
        passing = asyncio.create_task(day.passes())
        dying = asyncio.create_task(self.scene.desk.ended(4 * PATIENCE_SECONDS))
        await asyncio.wait({passing, dying}, return_when=asyncio.FIRST_COMPLETED)
        in_flight = reached = 0
        if self.scene.desk.alive:
            reached = sum(self._board.met()[kind] for kind in kinds)
            self._board.arm(0)
            self.missed += 1
            dying.cancel()
        else:
            in_flight = await self._after_death(await dying)
        try:
            await asyncio.wait_for(passing, 2 * PATIENCE_SECONDS)
        except Exception as end:
            end.add_note(f"seed {self.scene.seed}, point {point} of day {day.number}")
            raise
        self._judge(day, point, in_flight)
        return reached

    async def _after_death(self, code: int) -> int:
        """The calls that were in flight."""
        assert self.scene.desk is not None
        assert code == -9, f"ended with {code}: {self.scene.desk.said()}"
        self.struck[self._board.last().name] += 1
        found = orphans(self.scene.store_url)
        await self.begins()
        return found

    def _judge(self, day: Day, point: int, in_flight: int) -> None:
        seen = [one for one in self.stage.marks.seen() if day.owns(one)]
        verdict = judged(day.accounts, seen, group=SEED_GROUP)
        where = f"day {day.number}, point {point}"
        self.broken += [f"{where}: {words}" for words in verdict.broken]
        self.lost += verdict.lost
        self.repeats += verdict.extra
        self.in_flight += in_flight
        if verdict.extra > in_flight:
            self.doubled += verdict.extra - in_flight
            self.broken.append(f"{where}: {verdict.extra} repeats of {in_flight} calls in flight")

    def _day(self) -> Day:
        self._number += 1
        return Day(self.stage, self._number)


@pytest.mark.row("O-03")
async def test_a_day_that_dies_at_any_call_is_finished_by_the_next_process(
    tmp_path: Path, store_url: str
) -> None:
    async with scene(tmp_path, store_url, get_seed(20261130)) as here, receiver() as hearer:
        deaths = Deaths(Stage(here, hearer, await furnish(here, hearer)), tmp_path / "board")
        await deaths.begins()
        points = await deaths.count_points()
        tried = drawn(here, points)
        for kinds, point in tried:
            await deaths.at(kinds, point)
        await here.stopped()
        await here.examined()
        twice = hearer.came.total() - len(hearer.came)
        report(figures_of(deaths, points, twice))
        assert deaths.broken == []
        assert deaths.struck.total() >= 0.8 * len(tried), (deaths.struck, deaths.missed)
        assert twice <= deaths.struck.total(), "a webhook told again without a death"
        assert (here.box.problems, here.complaints()) == ([], [])
        assert asked(store_url, "SELECT id, reason FROM inbox WHERE state IN ('new', 'quarantined')") == []
        assert asked(store_url, BEGUN_WHILE_HELD) == []


def drawn(here: Scene, points: Mapping[Point, int]) -> list[tuple[frozenset[Point], int]]:
    """Which points to try: their kinds, and the how manieth of these."""
    wanted = {EDGES: POINTS - POINTS // 4, STATEMENTS: POINTS // 4}
    found = []
    for kinds, many in wanted.items():
        there = sum(points[kind] for kind in kinds)
        step = max(1, there // many) if POINTS else 1
        found += [(kinds, point) for point in range(here.dice.randint(1, step), there + 1, step)]
    return found


def figures_of(deaths: Deaths, points: Mapping[Point, int], told_twice: int) -> Figures:
    engine, struck = (
        engine_of(deaths.scene.store_url),
        ", ".join(f"{n} {k}" for k, n in deaths.struck.items()),
    )
    return Figures(
        tried=deaths.struck.total(),
        lost=deaths.lost,
        doubled=deaths.doubled,
        broken=len(deaths.broken) - deaths.lost,
        seed=deaths.scene.seed,
        note=f"{engine}: {struck}; of {sum(points.values())} points {deaths.missed} were not reached;"
        f" {deaths.repeats} repeats of {deaths.in_flight} calls in flight, {told_twice} webhooks told again",
    )
