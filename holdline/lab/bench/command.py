"""`holdline bench`: what the command line calls."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from holdline.app.command_failed import CommandFailed
from holdline.app.signals import interrupt_on_sigterm
from holdline.lab.bench.processes import ROLES
from holdline.lab.bench.scenario import Scenario
from holdline.lab.bench.scenarios import IN_PROCESSES, SCENARIOS, BenchOptions, Measure
from holdline.lab.bench.temporary_server import run_server
from holdline.store.engines.spare_database import NoSpareDatabase, open_spare_database

Run = tuple[str, Measure, int]
"""Its name, what measures it, and the number of processes."""
OWN_SERVER = "postgres"
"""The value of `--store` that starts a separate PostgreSQL server."""
_ADDRESSES = ("postgresql://", "postgres://", "sqlite")


def run_bench(options: BenchOptions, *, as_json: bool) -> int:
    """Always returns 0: the results are shown beside their aims, and missing an aim is not an error."""
    runs = _runs(options)
    console = Console(stderr=as_json)
    with interrupt_on_sigterm(), tempfile.TemporaryDirectory(prefix="holdline-bench-") as folder:
        results = asyncio.run(_measure(Path(folder), options, runs, console))
    console.print(_table(results))
    if as_json:
        scenarios = {"scenarios": [scenario.as_json() for scenario in results]}
        Console(soft_wrap=True, highlight=False).print_json(json.dumps(scenarios), indent=None)
    return 0


def _runs(options: BenchOptions) -> list[Run]:
    """Raises CommandFailed if a scenario, a number of processes or a store does not exist."""
    if options.store not in (None, OWN_SERVER) and not options.store.startswith(_ADDRESSES):
        raise CommandFailed("--store takes postgresql://user@host/name, or the word postgres.", 2)
    runs = []
    for wanted in options.only or SCENARIOS:
        name, _, number = wanted.partition(":")
        if name not in SCENARIOS:
            raise CommandFailed(f"--only has no scenario {name!r}: take {', '.join(SCENARIOS)}.", 2)
        if number and (name not in IN_PROCESSES or number not in map(str, ROLES)):
            raise CommandFailed(f"--only cannot take {wanted!r}: relay:4 or drain:2 would be right.", 2)
        if number not in ("", "1") and (options.store is None or options.store.startswith("sqlite")):
            raise CommandFailed(f"{wanted} needs PostgreSQL: add --store.", 2)
        runs += [(wanted, measure, int(number or 1)) for measure in SCENARIOS[name]]
    return runs


async def _measure(folder: Path, options: BenchOptions, runs: list[Run], console: Console) -> list[Scenario]:
    scenarios = []
    with _server(folder, options.store) as server:
        for number, (name, measure, processes) in enumerate(runs):
            console.print(f"{number + 1} of {len(runs)}: {name}")
            place = folder / str(number)
            place.mkdir()
            with _database(server) as store:
                found = await measure(place, options, store, processes)
            for scenario in found:
                console.print(f"{_display_name(scenario)}: {scenario.figure:,.1f} {scenario.unit}")
            scenarios += found
    return scenarios


@contextmanager
def _server(folder: Path, store: str | None) -> Iterator[str | None]:
    if store != OWN_SERVER:
        yield store
        return
    with run_server(folder / "server") as url:
        yield url


@contextmanager
def _database(server: str | None) -> Iterator[str | None]:
    """An empty database for one scenario."""
    if server is None or server.startswith("sqlite"):
        yield None
        return
    try:
        with open_spare_database(server) as url:
            yield url
    except NoSpareDatabase as refused:
        raise CommandFailed(str(refused), 1) from refused


def _table(scenarios: list[Scenario]) -> Table:
    table = Table(title="Bench")
    for title in ("scenario", "figure", "floor", "ratio", "aim"):
        table.add_column(title)
    for scenario in scenarios:
        figure, floor = (f"{value:,.1f} {scenario.unit}" for value in (scenario.figure, scenario.floor))
        table.add_row(_display_name(scenario), figure, floor, f"{scenario.ratio:.2f}", scenario.aim)
    return table


def _display_name(scenario: Scenario) -> str:
    """The name as words, so that a table cell can wrap it."""
    return scenario.name.replace("_", " ")
