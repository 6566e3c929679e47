"""`make faults`: runs the campaigns in their long form, a line for each, and ends in a table.

`make faults CAMPAIGN="T1 T7"` selects some; `HOLDLINE_SEED=n` replays a seed. A size that is
set outside wins, such as `HOLDLINE_KILLS=1000 make faults CAMPAIGN=T1`.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.campaigns import CAMPAIGNS, Campaign
from tests.faults.figures import REPORT, Figures, read_reports, summed

TESTS = Path(__file__).parents[1]
WORKERS = "3"
NOTHING_FAILED = 0
_COUNT = re.compile(r"(\d+) (passed|failed|error|skipped)")
_HEAD = ("campaign", "tried", "lost", "doubled", "broken", "seed", "seconds")


def main(ids: list[str]) -> int:
    """Returns 0 if no campaign found anything. `ids` selects some; none means all."""
    unknown = sorted(set(ids) - {campaign.id for campaign in CAMPAIGNS})
    if unknown:
        print(f"There is no campaign {', '.join(unknown)}. Known: {', '.join(c.id for c in CAMPAIGNS)}")
        return 2
    rows, failed = [], []
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        for campaign in CAMPAIGNS:
            if ids and campaign.id not in ids:
                continue
            print(f"{campaign.id:<5} {campaign.says} ...", flush=True)
            began = time.monotonic()
            figures, output = _run(campaign, Path(folder, campaign.id))
            seconds = time.monotonic() - began
            if figures.broken:
                failed.append(campaign.id)
                print(output[-4000:])
            rows.append((campaign, figures, seconds))
            print(f"      {_sentence(campaign, figures)}, {seconds:.0f} s", flush=True)
    _print_table(rows)
    return 1 if failed else 0


def _run(campaign: Campaign, report: Path) -> tuple[Figures, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "-p", "no:cacheprovider"]
        + [f"tests/{test}" for test in campaign.tests],
        cwd=TESTS.parent,
        env={**campaign.sizes, **os.environ, REPORT: str(report)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    counts = {outcome: int(number) for number, outcome in _COUNT.findall(last)}
    if done.returncode != NOTHING_FAILED and not counts.keys() & {"failed", "error"}:
        counts["failed"] = 1  # it never came to a verdict
    return summed(read_reports(report), counts), done.stdout


def _sentence(campaign: Campaign, figures: Figures) -> str:
    found = ", ".join(
        f"{number} {word}"
        for number, word in ((figures.lost, "lost"), (figures.doubled, "doubled"), (figures.broken, "broken"))
        if number
    )
    note = f" ({figures.note})" if figures.note else ""
    return f"{figures.tried} {campaign.unit}: {found or 'nothing lost, doubled or broken'}{note}"


def _print_table(rows: list[tuple[Campaign, Figures, float]]) -> None:
    cells = [
        (
            f"{campaign.id} {campaign.unit}",
            *map(str, (figures.tried, figures.lost, figures.doubled, figures.broken)),
            "" if figures.seed is None else str(figures.seed),
            f"{seconds:.0f}",
        )
        for campaign, figures, seconds in rows
    ]
    widths = [max(len(row[column]) for row in [_HEAD, *cells]) for column in range(len(_HEAD))]
    for row in [_HEAD, *cells]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
