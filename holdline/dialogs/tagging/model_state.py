"""The trained model as the desk sees it, and when it is worth training anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdline.dialogs.refusal import BadInput

MODEL, SERVICE = "model", "service"
"""Who put a tag there, beside people and rules."""
MOST_TAGS = 3
"""So many a dialog gets by itself from the model or the service."""
NEW_CORRECTIONS, NEW_DIALOGS = 20, 100
"""After so many corrections, or newly tagged dialogs, the model is trained anew."""
LOWEST, HIGHEST = 0.3, 0.99


@dataclass(frozen=True, slots=True)
class TagModel:
    """One training: asked, running, ready or failed. `figures` are those of the tagger."""

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
    """What the desk has chosen; without a threshold of its own that of the training counts."""

    is_on: bool = True
    threshold: float | None = None

    def threshold_for(self, model: TagModel) -> float:
        return self.threshold if self.threshold is not None else float(model.figures["threshold"])


@dataclass(frozen=True, slots=True)
class Correctness:
    """Tags that came by themselves from one source: how many there were, how many people took off."""

    source: str
    placed: int
    corrected: int

    @property
    def share_right(self) -> float | None:
        return 1 - self.corrected / self.placed if self.placed else None


def is_worth_training(model: TagModel, *, corrections: int, examples: int) -> bool:
    """`corrections` since it was trained; `examples` that there are now."""
    return corrections >= NEW_CORRECTIONS or examples - int(model.figures["examples"]) >= NEW_DIALOGS


def valid_threshold(share: float | None) -> float | None:
    """None for that of the training."""
    if share is not None and not LOWEST <= share <= HIGHEST:
        raise BadInput("threshold", "robots.threshold_rule", lowest=f"{LOWEST:.0%}", highest=f"{HIGHEST:.0%}")
    return share
