"""The scenarios of `holdline bench` by name, in the order in which they run."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from holdline.lab.bench import (
    broadcasts,
    burst,
    drain,
    growth,
    intake,
    main_job,
    questions,
    relay,
    release,
    start,
)
from holdline.lab.bench.scenario import Scenario


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """`store`: a PostgreSQL server, or None for SQLite. `dialogs`: the largest size of the desk; `recipients`: the size
    of the broadcast. `questions_in`: a folder with labelled questions, on which smart replies are tested. `only`: names
    of scenarios, some with a number of processes, as `relay:4`; without any all are run.
    """

    store: str | None = None
    dialogs: int = 1_000_000
    recipients: int = 1_000_000
    questions_in: Path | None = None
    only: tuple[str, ...] = ()


Measure = Callable[[Path, BenchOptions, str | None, int], Awaitable[list[Scenario]]]
"""Gets an empty folder, the options, the address of an empty database (None for SQLite), the number of processes."""


async def _questions(_folder: Path, options: BenchOptions, _store: str | None, _: int) -> list[Scenario]:
    return questions.measure(options.questions_in) if options.questions_in is not None else []


async def _start(folder: Path, _options: BenchOptions, store: str | None, _: int) -> list[Scenario]:
    found = await start.measure(folder)
    return found + ([await start.measure_sender(folder, store=store)] if store else [])


async def _release(folder: Path, _options: BenchOptions, _store: str | None, _: int) -> list[Scenario]:
    return [await release.measure(folder)]


async def _main(folder: Path, _options: BenchOptions, store: str | None, _: int) -> list[Scenario]:
    return [await main_job.measure(folder, store=store)]


async def _intake(folder: Path, _options: BenchOptions, store: str | None, processes: int) -> list[Scenario]:
    return await intake.measure(folder, store=store, processes=processes)


def _relay(workplace: relay.Workplace) -> Measure:
    async def run(folder: Path, _: BenchOptions, store: str | None, processes: int) -> list[Scenario]:
        return await relay.measure(folder, store=store, processes=processes, workplace=workplace)

    return run


async def _drain(folder: Path, _options: BenchOptions, store: str | None, processes: int) -> list[Scenario]:
    return await drain.measure(folder, store=store, processes=processes)


async def _burst(folder: Path, _options: BenchOptions, store: str | None, _: int) -> list[Scenario]:
    return await burst.measure(folder, store=store)


async def _growth(folder: Path, options: BenchOptions, store: str | None, _: int) -> list[Scenario]:
    return await growth.measure(folder, store=store, most=options.dialogs)


async def _broadcast(folder: Path, options: BenchOptions, store: str | None, _: int) -> list[Scenario]:
    if not options.recipients:
        return []
    return await broadcasts.measure(folder, store=store, recipients=options.recipients)


SCENARIOS: dict[str, tuple[Measure, ...]] = {
    "questions": (_questions,),
    "start": (_start,),
    "release": (_release,),
    "main": (_main,),
    "intake": (_intake,),
    "relay": tuple(_relay(workplace) for workplace in relay.Workplace),
    "drain": (_drain,),
    "burst": (_burst,),
    "growth": (_growth,),
    "broadcast": (_broadcast,),
}
IN_PROCESSES = frozenset({"intake", "relay", "drain"})
"""Those that are measured with several processes, too."""
