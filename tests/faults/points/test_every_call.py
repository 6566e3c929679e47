"""Killed at every call: before each statement, around each commit, before, in and after each request.

On PostgreSQL also with three processes, one for each role, of which one dies while the others go on.

Each day of one desk has its own death; the next process ends that day and begins the next one. `HOLDLINE_POINTS=0`
tries every point of a day. Another number tries so many, evenly from a random first one; three of four at the edges,
because what a transaction has not committed is the same after each of its statements.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from holdline.sandbox import SEED_GROUP
from tests.faults import victims
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.forks import Forked
from tests.faults.ledger import BEGUN_WHILE_HELD, asked, engine_of, orphans
from tests.faults.points.board import EDGES, STATEMENTS, Board, Point
from tests.faults.points.day import Day, Stage, furnish, receiver
from tests.faults.scene import PATIENCE_SECONDS, STOP_SECONDS, Scene, scene
from tests.faults.verdict import judged

POINTS = get_size("HOLDLINE_POINTS", 4)
ENDLESS = 10**12
ROLES = ("web", "sender", "intake")
"""Intake last: the desk is at work when it asks for updates."""


@dataclass(frozen=True)
class Place:
    """The how manieth point of these kinds in the process of that role."""

    role: str
    kinds: frozenset[Point]
    point: int

    def __str__(self) -> str:
        return f"{self.role}, point {self.point}"


class Deaths:
    """`struck` counts them by the kind of point, `missed` those that the day did not reach; `repeats` what appeared
    again, of `in_flight` calls. Each of the `roles` is a process of its own, with its own board.
    """

    def __init__(self, stage: Stage, folder: Path, roles: tuple[str, ...]) -> None:
        self.stage, self.scene, self.roles = stage, stage.scene, roles
        self._paths = {role: folder / f"board-{role}" for role in roles}
        self._boards = {role: Board(path) for role, path in self._paths.items()}
        self._desks: dict[str, Forked] = {}
        self._number = 0
        self.struck: Counter[str] = Counter()
        self.missed = self.in_flight = self.repeats = self.doubled = self.lost = 0
        self.broken: list[str] = []

    async def begins(self) -> None:
        for role in self.roles:
            self._start(role)
        self.scene.desk = self._desks[self.roles[-1]]
        await self.scene.at_work()

    async def stops(self) -> None:
        for desk in self._desks.values():
            desk.signal(signal.SIGTERM)
        for desk in self._desks.values():
            assert await desk.ended(STOP_SECONDS) == 0, desk.said()
        for board in self._boards.values():
            board.close()

    def _start(self, role: str) -> None:
        self.scene.starts += 1
        log = f"desk-{self.scene.starts}.log"
        self._desks[role] = self.scene.run(
            victims.counting_calls, str(self._paths[role]), "run", "--role", role, log=log
        )

    async def count_points(self) -> dict[str, dict[Point, int]]:
        """How many of each kind each process has on an undisturbed day."""
        for board in self._boards.values():
            board.arm(ENDLESS)
        await self._day().passes()
        met = {role: board.met() for role, board in self._boards.items()}
        for board in self._boards.values():
            assert board.stop()
        return met

    async def at(self, place: Place) -> None:
        """A day with a death there. How many points a day has depends on how long it waits, so one that was not
        reached is replaced by one of those that were.
        """
        reached = await self._try(place)
        if reached:
            await self._try(replace(place, point=self.scene.dice.randint(1, reached)))

    async def _try(self, place: Place) -> int:
        """Returns 0 after a death, else how many points the day had. It ends under the next process."""
        day, board, desk = self._day(), self._boards[place.role], self._desks[place.role]
        board.arm(place.point, place.kinds)
        passing = asyncio.create_task(day.passes())
        dying = asyncio.create_task(desk.ended(PATIENCE_SECONDS))
        await asyncio.wait({passing, dying}, return_when=asyncio.FIRST_COMPLETED)
        in_flight = reached = 0
        if board.stop():
            reached = sum(board.met()[kind] for kind in place.kinds)
            self.missed += 1
            dying.cancel()
        else:
            in_flight = self._after_death(place.role, await dying)
        try:
            await asyncio.wait_for(passing, PATIENCE_SECONDS)
        except Exception as end:
            end.add_note(f"seed {self.scene.seed}, {place} of day {day.number}")
            raise
        self._judge(day, place, in_flight)
        return reached

    def _after_death(self, role: str, code: int) -> int:
        """The calls that were in flight. Those of a living sender come to their end."""
        desk = self._desks[role]
        assert code == -signal.SIGKILL, f"ended with {code}: {desk.said()}"
        self.struck[self._boards[role].last().name] += 1
        found = orphans(self.scene.store_url) if role in ("all", "sender") else 0
        self._start(role)
        return found

    def _judge(self, day: Day, place: Place, in_flight: int) -> None:
        seen = [one for one in self.stage.marks.seen() if day.owns(one)]
        verdict = judged(day.accounts, seen, group=SEED_GROUP)
        where = f"day {day.number}, {place}"
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
async def test_a_day_killed_at_any_call_is_finished_by_the_next_process(
    tmp_path: Path, store_url: str
) -> None:
    await die_at_many_calls(tmp_path, store_url, ("all",))


async def test_a_day_with_separate_roles_survives_the_death_of_one_process(
    tmp_path: Path, postgres_url: str
) -> None:
    await die_at_many_calls(tmp_path, postgres_url, ROLES)


async def die_at_many_calls(folder: Path, store_url: str, roles: tuple[str, ...]) -> None:
    async with scene(folder, store_url, get_seed(20261130)) as here, receiver() as hearer:
        deaths = Deaths(Stage(here, hearer, await furnish(here, hearer)), folder, roles)
        await deaths.begins()
        points = await deaths.count_points()
        tried = [place for role in roles for place in drawn(here, role, points[role])]
        for place in tried:
            await deaths.at(place)
        await deaths.stops()
        await here.examined()
        twice = hearer.came.total() - len(hearer.came)
        report(figures_of(deaths, points, twice))
        assert deaths.broken == []
        assert deaths.struck.total() >= 0.8 * len(tried), (deaths.struck, deaths.missed)
        assert twice <= deaths.struck.total(), "a webhook told again without a death"
        assert (here.box.problems, here.complaints()) == ([], [])
        assert asked(store_url, "SELECT id, reason FROM inbox WHERE state IN ('new', 'quarantined')") == []
        assert asked(store_url, BEGUN_WHILE_HELD) == []


def drawn(here: Scene, role: str, points: Mapping[Point, int]) -> list[Place]:
    """Which points of this process to try."""
    wanted = POINTS if role == "all" else POINTS and max(2, POINTS // len(ROLES))
    statements = max(1, wanted // 4)
    found = []
    for kinds, many in {EDGES: wanted - statements, STATEMENTS: statements}.items():
        there = sum(points[kind] for kind in kinds)
        step = max(1, there // many) if POINTS else 1
        found += [Place(role, kinds, point) for point in range(here.dice.randint(1, step), there + 1, step)]
    return found


def figures_of(deaths: Deaths, points: Mapping[str, Mapping[Point, int]], told_twice: int) -> Figures:
    engine = engine_of(deaths.scene.store_url)
    struck = ", ".join(f"{many} {kind}" for kind, many in deaths.struck.items())
    there = ", ".join(f"{sum(points[role].values())} of {role}" for role in deaths.roles)
    return Figures(
        tried=deaths.struck.total(),
        lost=deaths.lost,
        doubled=deaths.doubled,
        broken=len(deaths.broken) - deaths.lost,
        seed=deaths.scene.seed,
        note=f"{engine}: {struck}; of the points ({there}) {deaths.missed} were not reached;"
        f" {deaths.repeats} repeats of {deaths.in_flight} calls in flight, {told_twice} webhooks told again",
    )
