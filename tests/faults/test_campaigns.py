"""The list of campaigns, and how their figures become rows of the table."""

from pathlib import Path

import pytest

from tests.faults.campaigns import CAMPAIGNS
from tests.faults.figures import REPORT, Figures, read_reports, report, summed

TESTS = Path(__file__).parents[1]


def test_every_campaign_has_its_own_id_and_tests_that_exist() -> None:
    assert len({campaign.id for campaign in CAMPAIGNS}) == len(CAMPAIGNS)
    missing = [
        test for each in CAMPAIGNS for test in each.tests if not (TESTS / test.partition("::")[0]).exists()
    ]
    assert missing == []


def test_reports_of_a_campaign_become_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REPORT, str(tmp_path / "report"))
    report(Figures(tried=20, doubled=1, seed=7, note="0.1 repeats per kill"))
    report(Figures(tried=30, lost=2, broken=1, seed=7))
    row = summed(read_reports(tmp_path / "report"), {"passed": 1, "failed": 1})
    assert row == Figures(tried=50, lost=2, doubled=1, broken=1, seed=7, note="0.1 repeats per kill")


@pytest.mark.parametrize(
    ("counts", "tried", "broken"),
    [
        ({"passed": 3, "skipped": 1}, 3, 0),
        ({"passed": 1, "failed": 1, "error": 1}, 3, 2),
        ({"failed": 1}, 1, 1),
    ],
)
def test_without_reports_the_tests_are_counted(counts: dict[str, int], tried: int, broken: int) -> None:
    assert summed([], counts) == Figures(tried=tried, broken=broken)


def test_a_failed_campaign_is_never_reported_without_faults(tmp_path: Path) -> None:
    assert summed([Figures(tried=5)], {"failed": 1}).broken == 1
    assert summed(read_reports(tmp_path / "none"), {"failed": 1}).broken == 1
