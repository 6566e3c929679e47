"""Tests of the judge: it must detect a faulty desk, and every wrong journal."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import victims
from tests.faults.ledger import BEGUN_WHILE_HELD, asked
from tests.faults.load import Load
from tests.faults.scene import scene
from tests.faults.verdict import Account, Mark, Seen, Verdict, judged

GROUP, ANNA, BORIS = -100, 7, 8


async def lived(folder: Path, victim: Callable[..., int]) -> tuple[Verdict, int]:
    """Some seconds of a desk without any fault but its own: the verdict, and rows begun behind a held gate."""
    url = f"sqlite:///{folder / 'desk.db'}"
    async with scene(folder, url, seed=5) as here:
        here.start(victim)
        await here.at_work()
        load = Load(here, 8)
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            await here.until(lambda: sum(life.offered_while_held for life in load.lives) >= 6, "held offers")
            load.over.set()
        await load.quiet(20)
        await here.stopped()
        return load.verdict(), len(asked(url, BEGUN_WHILE_HELD))


async def test_a_sender_that_does_not_check_the_gate_again_is_detected(tmp_path: Path) -> None:
    verdict, behind_the_gate = await lived(tmp_path, victims.deaf_to_the_gate)
    leaks = [words for words in verdict.broken if "while a dialog was active" in words]
    assert len(leaks) >= 3 and behind_the_gate >= 3
    assert [words for words in verdict.broken if words not in leaks] == []


async def test_the_same_story_of_a_correct_desk_breaks_no_rule(tmp_path: Path) -> None:
    verdict, behind_the_gate = await lived(tmp_path, victims.desk)
    assert (verdict.broken, verdict.extra, behind_the_gate) == ([], 0, 0)


def said(*marks: str, chat: int = ANNA, first: int = 10) -> list[Seen]:
    """`r1` is the first reply to customer 1; each in its own event."""
    made = [Mark(mark[0], 1, int(mark[1:])) for mark in marks]
    return [
        Seen(first + number, GROUP if mark.stream == "w" else chat, 0, mark)
        for number, mark in enumerate(made)
    ]


def account(*promised: str, **more: list[tuple[int, int]]) -> Account:
    return Account(ANNA, [Mark(mark[0], 1, int(mark[1:])) for mark in promised], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "held", "complaint"),
    [
        (said("r1", "r2", "m1", "w1"), [], None),
        (said("r1", "r1", "r2", "m1", "m1", "w1"), [], None),
        (said("r1", "m1", "w1"), [], "[r-1-2] was lost"),
        (said("r1", "r2", "m1"), [], "[w-1-1] was lost"),
        (said("r2", "r1", "m1", "w1"), [], "[r-1-1] appeared after [r-1-2]"),
        (said("r1", "r2", "r1", "m1", "w1"), [], "[r-1-1] appeared after [r-1-2]"),
        (said("r1", "r1", "r1", "r1", "r2", "m1", "w1"), [], "[r-1-1] appeared 4 times"),
        (said("r1", "r2", "m1", "w1"), [(11, 13)], "[m-1-1] appeared while a dialog was active"),
        (said("r1", "r2", "m1", "w1"), [(12, 14)], None),
        (said("r1", "r2", "m1", "w1", "s1"), [], "[s-1-1] had been dropped and appeared"),
        ([*said("r1", "r2", "m1", "w1"), *said("r2", chat=BORIS, first=20)], [], "another customer's chat"),
        ([*said("r1", "r2", "m1", "w1"), *said("r2", chat=GROUP, first=20)], [], "[r-1-2] appeared in -100"),
    ],
)
def test_the_judge_finds_each_kind_of_violation(
    seen: list[Seen], held: list[tuple[int, int]], complaint: str | None
) -> None:
    promised = account("r1", "r2", "m1", "w1", held=held)
    promised.never.append(Mark("s", 1, 1))
    broken = judged([promised], seen, group=GROUP).broken
    if complaint is None:
        assert broken == []
    else:
        assert any(complaint in words for words in broken), broken
