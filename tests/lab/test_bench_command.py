"""`holdline bench`: which scenarios it runs, on which database, and where the figures are written."""

import json
from pathlib import Path

import psycopg
import pytest

from holdline.app.main import invoke
from holdline.lab.bench import scenarios
from holdline.lab.bench.scenario import Scenario
from holdline.lab.bench.scenarios import BenchOptions
from holdline.store.engines.spare_database import NoSpareDatabase, open_spare_database

Ran = list[tuple[str, str | None, int]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Every scenario is replaced by one that only notes how it was run."""
    noted: Ran = []

    def pretend(name: str) -> scenarios.Measure:
        async def measure(
            _folder: Path, _options: BenchOptions, store: str | None, processes: int
        ) -> list[Scenario]:
            noted.append((name, store, processes))
            return [Scenario(name, 30, "things/s", 40, "as many as can be")]

        return measure

    for name, measures in scenarios.SCENARIOS.items():
        monkeypatch.setitem(scenarios.SCENARIOS, name, tuple(pretend(name) for _ in measures))
    return noted


def test_without_a_choice_every_scenario_runs_on_sqlite(ran: Ran) -> None:
    assert invoke(["bench"]) == 0
    assert list(dict.fromkeys(name for name, _, _ in ran)) == list(scenarios.SCENARIOS)
    assert {(store, processes) for _, store, processes in ran} == {(None, 1)}


def test_only_chosen_scenarios_run_with_progress_separate_from_the_figures(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["bench", "--only", "intake, drain", "--json"]) == 0
    assert [name for name, _, _ in ran] == ["intake", "drain"]
    out, err = capsys.readouterr()
    assert "1 of 2: intake" in err and "2 of 2: drain" in err
    assert [one["ratio"] for one in json.loads(out)["scenarios"]] == [0.75, 0.75]


def test_on_postgresql_each_run_has_a_database_of_its_own(ran: Ran, postgres_url: str) -> None:
    assert invoke(["bench", "--only", "drain,drain:2,burst", "--store", postgres_url]) == 0
    assert [(name, processes) for name, _, processes in ran] == [("drain", 1), ("drain", 2), ("burst", 1)]
    stores = {store for _, store, _ in ran}
    assert len(stores) == 3 and postgres_url not in stores
    with psycopg.connect(postgres_url) as server:
        left = server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'holdline_bench_%'")
        assert {row[0] for row in left} & {
            str(store).rpartition("/")[2].partition("?")[0] for store in stores
        } == set()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "speed"], "--only has no scenario 'speed'"),
        (["--only", "relay:3", "--store", "postgresql://nobody/x"], "cannot take 'relay:3'"),
        (["--only", "growth:2", "--store", "postgresql://nobody/x"], "cannot take 'growth:2'"),
        (["--only", "relay:2"], "relay:2 needs PostgreSQL: add --store"),
    ],
)
def test_an_unknown_scenario_is_refused_with_a_sentence(
    ran: Ran, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert invoke(["bench", *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert ran == []


def test_a_spare_database_is_dropped_although_somebody_is_connected(postgres_url: str) -> None:
    with open_spare_database(postgres_url) as url:
        left = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_server_that_cannot_create_a_database_is_reported_with_a_sentence() -> None:
    with (
        pytest.raises(NoSpareDatabase, match="no new database"),
        open_spare_database("postgresql:///?host=/nowhere"),
    ):
        pass
