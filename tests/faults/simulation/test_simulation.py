"""T3b: days of a whole desk in virtual time, from a seed. People live, fates strike, and no promise is broken.

`HOLDLINE_SEED=n HOLDLINE_STORIES_TOLD=1` replays one story call by call. `HOLDLINE_FATES` is how many storms and how
many ends of the desk a story has.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import copy

import pytest

from holdline.lab.replay import witness
from tests.databases import Databases
from tests.faults import load
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.ledger import engine_of
from tests.faults.simulation.fates import ENDS, STORMS
from tests.faults.simulation.lives import ACTS
from tests.faults.simulation.server import lock_in, wire_up_server
from tests.faults.simulation.story import LONGEST_WAIT, Stage, Story, virtual_time


@dataclass(frozen=True)
class Size:
    """`every`: about so many seconds from one fate to the next."""

    lives: int
    every: float


STORIES, FATES = get_size("HOLDLINE_STORIES_TOLD", 1), get_size("HOLDLINE_FATES", 2)
BREATH = 20.0
WHOLE = max(len(STORMS), len(ENDS))
"""So many fates of each sort are every kind of them at least once."""
NewDatabase = Callable[[Path], AbstractContextManager[str]]
"""Makes a database with every table for the desk of a folder; its address."""
LONG, SHORT, SHORTEST = Size(lives=4, every=300), Size(lives=2, every=40), Size(lives=1, every=20)


@pytest.fixture(params=["sqlite", "postgres"])
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    if request.param == "sqlite":
        return partial(new_file, request.getfixturevalue("sqlite_template"))
    return partial(borrowed_copy, request.getfixturevalue("databases"))


@contextmanager
def new_file(template: Path, folder: Path) -> Iterator[str]:
    """The migrations would cost as much as a short story."""
    yield f"sqlite:///{copy(template, folder / 'desk.db')}"


@contextmanager
def borrowed_copy(databases: Databases, _: Path) -> Iterator[str]:
    borrowed = databases.borrow_copy()
    yield borrowed.url
    databases.return_copy(borrowed)


@pytest.mark.row("O-03")
def test_a_simulated_desk_keeps_its_promises(tmp_path: Path, new_database: NewDatabase) -> None:
    seed = get_seed(20_261_130)
    acts, met, told, broken = Counter[str](), Counter[str](), [], list[str]()
    seconds = 0.0
    for number in range(STORIES):
        folder = tmp_path / str(number)
        folder.mkdir()
        with new_database(folder) as url:
            passed, story = told_story(folder, url, seed + number, FATES, LONG if FATES >= WHOLE else SHORT)
            seconds += passed
            told.append(story.verdict())
            acts += story.acts()
            met += story.fates.met
            broken += [f"seed {seed + number}: {words}" for words in story.found()]
            engine = engine_of(url)
    report(
        Figures(
            tried=STORIES,
            lost=sum(verdict.lost for verdict in told),
            doubled=sum("repeats of" in words for words in broken),
            broken=len(broken) - sum(verdict.lost for verdict in told),
            seed=seed,
            note=f"{engine}: {seconds / 3600:.0f} hours, {sum(v.messages for v in told)} messages promised, "
            f"{sum(v.extra for v in told)} repeats, {sum(met[kind] for kind in ENDS)} ends and "
            f"{sum(met[kind] for kind in STORMS)} storms, {acts.total()} acts",
        )
    )
    assert broken == []
    assert (sum(met[kind] for kind in ENDS), sum(met[kind] for kind in STORMS)) == (FATES * STORIES,) * 2
    if FATES >= WHOLE:
        assert [kind for kind in (*ENDS, *STORMS) if not met[kind]] == []
        assert [act for act in ACTS if not acts[act]] == []


def test_the_same_seed_tells_the_same_story(tmp_path: Path, sqlite_template: Path) -> None:
    """Call by call: every request to Telegram, its moment and its answer."""
    histories = []
    for name in ("first", "again"):
        folder = tmp_path / name
        folder.mkdir()
        with new_file(sqlite_template, folder) as url:
            _, story = told_story(folder, url, get_seed(3), 1, SHORTEST)
            assert story.found() == []
        histories.append(story.history())
    assert histories[0] == histories[1]


def told_story(folder: Path, url: str, seed: int, fates: int, size: Size) -> tuple[float, Story]:
    """Returns the seconds of virtual time, too."""
    print(f"seed {seed}")
    with pytest.MonkeyPatch.context() as patch, virtual_time(seed) as loop:
        for module in (load, witness):
            patch.setattr(module, "PATIENCE_SECONDS", LONGEST_WAIT)

        async def telling() -> Story:
            stage = Stage(folder, url, seed)
            dice = random.Random(f"{seed}:machine")
            if engine_of(url) == "PostgreSQL":
                wire_up_server(patch, dice)
                stage.machine.wire_up(patch, dice, partial(lock_in, folder))
            else:
                stage.machine.wire_up(patch, dice)
            story = Story(stage, lives=size.lives, breath=BREATH, funnel_id=await stage.furnish())
            await story.pass_by(storms=fates, ends=fates, every=size.every)
            return story

        story = loop.run_until_complete(telling())
        return loop.time(), story
