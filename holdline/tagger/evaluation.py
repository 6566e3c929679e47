"""The quality of the tagger on labelled texts: what it finds, and whether it is silent on unknown subjects."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from holdline.tagger.examples import Example
from holdline.tagger.model import Model, fit
from holdline.tagger.training import Tell, choose_threshold, choose_usable, guess, look_at_held_out


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Shares from 0 to 1. `threshold` was chosen on training examples. `auroc` and `silent_outside` tell how well texts
    that belong to no tag are recognised; None if none were given.
    """

    examples: int
    tags: int
    top1: float
    top3: float
    threshold: float
    precision: float
    coverage: float
    auroc: float | None = None
    silent_outside: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def evaluate(
    learnt: Sequence[Example], asked: Sequence[Example], *, outside: Sequence[Example] = (), on_step: Tell
) -> Evaluation:
    """Trains on `learnt` and tests on `asked`. The texts of `outside` belong to no tag."""
    usable = choose_usable(learnt)
    threshold = choose_threshold(look_at_held_out(usable, on_step)).threshold
    on_step("learning")
    model = fit(usable)
    guesses = guess(model, asked)
    said = [each for each in guesses if each.share >= threshold]
    others = model.probabilities([example.text for example in outside]).max(axis=1) if outside else None
    return Evaluation(
        examples=len(usable),
        tags=len(model.labels),
        top1=sum(each.is_right for each in guesses) / len(guesses),
        top3=_top3(model, asked),
        threshold=threshold,
        precision=sum(each.is_right for each in said) / max(1, len(said)),
        coverage=len(said) / len(guesses),
        auroc=_auroc([each.share for each in guesses], others) if others is not None else None,
        silent_outside=float((others < threshold).mean()) if others is not None else None,
    )


def _top3(model: Model, asked: Sequence[Example]) -> float:
    ranked = np.argsort(-model.probabilities([example.text for example in asked]), axis=1)[:, :3]
    hits = [
        any(model.labels[place] in example.tags for place in row)
        for row, example in zip(ranked, asked, strict=True)
    ]
    return sum(hits) / len(hits)


def _auroc(inside: Sequence[float], outside: Any) -> float:
    return float(roc_auc_score([1] * len(inside) + [0] * len(outside), [*inside, *outside]))
