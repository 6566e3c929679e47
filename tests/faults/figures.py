"""What a campaign reports: how much it tried and what went wrong, as one row of the table of `make faults`."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

SEED, REPORT = "HOLDLINE_SEED", "HOLDLINE_FAULTS_REPORT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`tried` counts what the campaign does over and over, such as kills or hostile updates. `lost`, `doubled` and
    `broken` count messages lost, messages that appeared again beyond what the campaign allows, and promises broken.
    """

    tried: int
    lost: int = 0
    doubled: int = 0
    broken: int = 0
    seed: int | None = None
    note: str = ""


def report(figures: Figures) -> None:
    """Prints the figures, and adds them to the file that `make faults` reads. Call it before the assertions, so that
    a failed campaign also shows its figures.
    """
    line = json.dumps(asdict(figures), ensure_ascii=False)
    print(f"figures {line}")
    if path := os.environ.get(REPORT):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def get_seed(default: int) -> int:
    """The seed to replay, `HOLDLINE_SEED`, or the campaign's own."""
    return int(os.environ.get(SEED, default))


def get_size(name: str, default: int) -> int:
    """How much a campaign tries: the environment variable `name`, or the short form of `make test`."""
    return int(os.environ.get(name, default))


def read_reports(path: Path) -> list[Figures]:
    if not path.exists():
        return []
    return [Figures(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def summed(reports: list[Figures], counts: Mapping[str, int]) -> Figures:
    """One row for all reports of a campaign. Without reports its tests are counted: `counts` by outcome."""
    failed = counts.get("failed", 0) + counts.get("error", 0)
    if not reports:
        return Figures(tried=sum(counts.values()) - counts.get("skipped", 0), broken=failed)
    seeds = {report.seed for report in reports if report.seed is not None}
    broken = sum(report.broken for report in reports)
    return Figures(
        tried=sum(report.tried for report in reports),
        lost=sum(report.lost for report in reports),
        doubled=sum(report.doubled for report in reports),
        broken=max(broken, failed),
        seed=min(seeds) if seeds else None,
        note="; ".join(dict.fromkeys(report.note for report in reports if report.note)),
    )
