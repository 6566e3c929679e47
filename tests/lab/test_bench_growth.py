"""The bench of a growing desk measures what managers and the API ask for."""

from pathlib import Path

from holdline.desk.people.managers import get_acting_manager
from holdline.desk.reading.figures import make_report
from holdline.desk.reading.finding import find_all
from holdline.desk.settings.lists import add_to_list, ensure_lists
from holdline.dialogs.reports.kinds import ReportKind, ReportQuery
from holdline.dialogs.rules import DeskRules
from holdline.lab.bench import growth
from holdline.store.clock import ManualClock
from holdline.store.crowd import BETWEEN, settle_piece
from holdline.store.engine import Store
from holdline.store.tx import Tx


async def test_each_operation_is_measured_with_a_baseline_of_the_same_run(tmp_path: Path) -> None:
    found = {one.name: one for one in await growth.measure(tmp_path, store=None, most=1_000)}
    assert set(found) == {f"{what}_p95_at_1000_dialogs" for what in growth.AIMS}
    assert all(one.figure > 0 and one.floor > 0 for one in found.values())


async def test_without_dialogs_no_growth_is_measured(tmp_path: Path) -> None:
    assert await growth.measure(tmp_path, store=None, most=0) == []


async def test_the_measured_desk_contains_matching_data(store: Store, clock: ManualClock) -> None:
    """A report over nothing, and a search that finds nothing, are always fast."""
    store.rules = DeskRules(admins=(growth.MANAGER,))
    start = clock.now()
    await store.act(_lists)
    for first in (1, 101):
        await store.act(settle_piece, first=first, last=first + 99, start=start)
    clock.advance(200 * BETWEEN.total_seconds())
    volume = await store.read(make_report, kind=ReportKind.DIALOGS, asked=ReportQuery())
    assert (volume.figures["opened"], volume.figures["active"], volume.figures["paused"]) == (200, 4, 4)
    times = await store.read(make_report, kind=ReportKind.TIMES, asked=ReportQuery())
    assert times.figures["first_response"]["count"] > 150
    for words in growth.WORDS[:-1]:
        hits = await store.read(find_all, manager_telegram_id=growth.MANAGER, text=words)
        assert hits or words == "n777", words


def _lists(tx: Tx) -> None:
    ensure_lists(tx)
    get_acting_manager(tx, growth.MANAGER)
    for tag in ("Late", "Broken"):
        add_to_list(tx, manager=None, kind="tags", name=tag)
