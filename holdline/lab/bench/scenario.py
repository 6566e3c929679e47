"""One measured number and what it is compared with."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Scenario:
    """`floor` is the same machine doing the minimum of work; `aim` describes the required value."""

    name: str
    figure: float
    unit: str
    floor: float
    aim: str

    @property
    def ratio(self) -> float:
        return self.figure / self.floor if self.floor else 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "figure": round(self.figure, 2),
            "unit": self.unit,
            "floor": round(self.floor, 2),
            "ratio": round(self.ratio, 2),
        }


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
