"""An upgrade that is killed at one of its statements leaves the old database whole, and can be repeated."""

import random
import signal
from pathlib import Path

import pytest

from holdline.store.engine import Store
from holdline.store.engines.migrate import list_migrations, statements
from holdline.store.invariants import find_violations
from tests.app.old_desk import VERSION, fill_with_its_rows
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.forks import Forked
from tests.faults.ledger import asked
from tests.faults.migrations.migrator import BOT, migrate_until_killed

KILLS = get_size("HOLDLINE_MIGRATION_KILLS", 4)
KEPT = ("SELECT telegram_id FROM customers ORDER BY telegram_id", "SELECT COUNT(*) FROM messages")


@pytest.fixture(params=["sqlite", "postgres"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The database of the first released version, with rows in flight."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'holdline.db'}"
    else:
        url = str(request.getfixturevalue("postgres_url"))
    fill_with_its_rows(url)
    return url


@pytest.mark.row("O-03")
async def test_an_upgrade_killed_at_any_statement_changes_nothing_and_can_be_repeated(
    old_url: str, tmp_path: Path
) -> None:
    seed = get_seed(20261130)
    before = [asked(old_url, sql) for sql in KEPT]
    number = _number_of_statements(old_url)
    dice, broken = random.Random(seed), []
    points = sorted(dice.sample(range(1, number + 1), min(KILLS, number)))
    for point in points:
        code = await _migrate(old_url, point, tmp_path)
        assert code == -signal.SIGKILL, (point, code)
        versions = [row[0] for row in asked(old_url, "SELECT version FROM migrations ORDER BY version")]
        if versions != list(range(1, VERSION + 1)) or [asked(old_url, sql) for sql in KEPT] != before:
            broken.append(f"killed at statement {point} of {number}: {versions}")
    ended = await _migrate(old_url, 0, tmp_path)
    store = Store(old_url, bot_id=BOT)
    await store.start()
    violations = await store.read(find_violations)
    await store.close()
    report(
        Figures(tried=len(points), broken=len(broken), seed=seed, note=f"{number} statements in the upgrade")
    )
    assert (broken, ended, violations) == ([], 0, [])
    assert [asked(old_url, sql) for sql in KEPT] == before
    assert int((tmp_path / "statements").read_text()) == number


def _number_of_statements(url: str) -> int:
    steps = list_migrations("sqlite" if url.startswith("sqlite") else "postgres")[VERSION:]
    return sum(len(statements(step.sql)) + 1 for step in steps) + 2


async def _migrate(url: str, dies_at: int, folder: Path) -> int:
    arguments = (url, dies_at, str(folder / "statements"))
    return await Forked(migrate_until_killed, *arguments, log=folder / "migrate.log").ended(60)
