"""The trained model as the desk sees it, and when to train it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdline.dialogs.refusal import BadInput

MODEL, SERVICE = "model", "service"
"""The sources of automatic tags besides rules."""
MOST_TAGS = 3
"""The most tags that the model or the service gives a dialog."""
NEW_CORRECTIONS, NEW_DIALOGS = 20, 100
"""After this many corrections or newly tagged dialogs, the model is trained again."""
LOWEST, HIGHEST = 0.3, 0.99


@dataclass(frozen=True, slots=True)
class TagModel:
    """One training: asked, running, ready or failed. `figures` come from the tagger."""

    id: int
    state: str
    tries: int
    file: str | None
    checksum: str | None
    figures: Mapping[str, Any]
    reason: str | None
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The desk's choice. If it has no threshold, the training's threshold applies."""

    is_on: bool = True
    threshold: float | None = None

    def threshold_for(self, model: TagModel) -> float:
        return self.threshold if self.threshold is not None else float(model.figures["threshold"])


@dataclass(frozen=True, slots=True)
class Correctness:
    """Automatic tags of one source: how many were placed, and how many people removed."""

    source: str
    placed: int
    corrected: int

    @property
    def share_right(self) -> float | None:
        return 1 - self.corrected / self.placed if self.placed else None


def is_worth_training(model: TagModel, *, corrections: int, examples: int) -> bool:
    """`corrections` are those since the last training; `examples` is the current number."""
    return corrections >= NEW_CORRECTIONS or examples - int(model.figures["examples"]) >= NEW_DIALOGS


def valid_threshold(share: float | None) -> float | None:
    """The threshold; None means that of the training."""
    if share is not None and not LOWEST <= share <= HIGHEST:
        raise BadInput("threshold", "robots.threshold_rule", lowest=f"{LOWEST:.0%}", highest=f"{HIGHEST:.0%}")
    return share
