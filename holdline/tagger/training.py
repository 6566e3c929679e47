"""Training: fits on four fifths, chooses the threshold on the last one, then fits on all examples."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from holdline.tagger.examples import Example
from holdline.tagger.model import NOTHING, Model, fit

FEWEST_OF_A_TAG, FEWEST_EXAMPLES = 5, 20
WANTED_PRECISION, LEAST_COVERAGE, LOWEST_THRESHOLD = 0.95, 0.10, 0.3
"""The share of tags that must be right. A model that reaches it for too few dialogs is rejected."""
_PARTS, _SEVERAL_LOOKS_UNTIL = 5, 3000

Tell = Callable[[str], None]


class TrainingRefused(Exception):
    """There are too few examples, or the model is not sure enough. `reason` is a code."""

    def __init__(self, reason: str, **figures: float) -> None:
        super().__init__(reason)
        self.reason, self.figures = reason, figures


@dataclass(frozen=True, slots=True)
class Quality:
    """Measured on dialogs that were not used for training. `top1`: how often the most likely tag was right, regardless
    of the threshold.
    """

    top1: float
    threshold: float
    precision: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Trained:
    model: Model
    quality: Quality
    examples: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Guess:
    """The most likely tag of a dialog. `known`: whether people gave the dialog any tag."""

    share: float
    is_right: bool
    is_nothing: bool = False
    known: bool = True


def train(examples: Sequence[Example], on_step: Tell) -> Trained:
    """Raises TrainingRefused if no useful model can be trained."""
    began, usable = time.monotonic(), choose_usable(examples)
    quality = choose_threshold(look_at_held_out(usable, on_step))
    on_step("learning")
    return Trained(fit(usable), quality, len(usable), time.monotonic() - began)


def choose_usable(examples: Sequence[Example]) -> list[Example]:
    """The examples without rare tags. Raises TrainingRefused if too few are left."""
    texts = [example for example in examples if example.text.strip()]
    counts = Counter(tag for example in texts for tag in set(example.tags))
    usable = [
        Example(example.text, kept)
        for example in texts
        if (kept := tuple(tag for tag in example.tags if counts[tag] >= FEWEST_OF_A_TAG)) or not example.tags
    ]
    tags = {tag for example in usable for tag in example.tags}
    if len(tags) < 2 or len(usable) < FEWEST_EXAMPLES:
        raise TrainingRefused("too_few", examples=len(usable), tags=len(tags))
    return usable


def look_at_held_out(examples: Sequence[Example], on_step: Tell) -> list[Guess]:
    """The model's guesses for examples that it was not trained on. If there are few, each part is held out in turn."""
    parts = _deal(examples)
    looks = range(_PARTS if len(examples) <= _SEVERAL_LOOKS_UNTIL else 1)
    guesses: list[Guess] = []
    for held in looks:
        on_step(f"trying {held + 1}/{len(looks)}")
        learnt = [example for number, part in enumerate(parts) if number != held for example in part]
        guesses += guess(fit(learnt), parts[held])
    return guesses


def guess(model: Model, examples: Sequence[Example]) -> list[Guess]:
    found = []
    for example, row in zip(examples, model.probabilities([e.text for e in examples]), strict=True):
        best = int(row.argmax())
        label = model.labels[best]
        is_right = label in (example.tags or (NOTHING,))
        found.append(Guess(float(row[best]), is_right, label == NOTHING, bool(example.tags)))
    return found


def choose_threshold(guesses: Sequence[Guess]) -> Quality:
    """The quality at the lowest threshold with the wanted precision. TrainingRefused if its coverage is too low."""
    known = [each for each in guesses if each.known]
    top1 = sum(each.is_right for each in known) / max(1, len(known))
    said = sorted((each for each in guesses if not each.is_nothing), key=lambda each: -each.share)
    best = Quality(top1, 1.0, 0.0, 0.0)
    right = 0
    for number, each in enumerate(said, 1):
        right += each.is_right
        ends = number == len(said) or said[number].share < each.share
        if ends and each.share >= LOWEST_THRESHOLD and right / number >= WANTED_PRECISION:
            best = Quality(top1, each.share, right / number, number / len(guesses))
    if best.coverage < LEAST_COVERAGE:
        raise TrainingRefused("too_unsure", top1=top1, coverage=best.coverage)
    return best


def _deal(examples: Sequence[Example]) -> list[list[Example]]:
    """Five parts with an equal share of each tag; the same parts every time."""
    shuffled = list(examples)
    random.Random(20).shuffle(shuffled)
    shuffled.sort(key=lambda example: example.tags[:1])
    return [shuffled[number::_PARTS] for number in range(_PARTS)]
