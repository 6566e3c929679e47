"""Smart replies on labelled questions: how often an answer is right, how often one is given, and false answers."""

import csv
import gzip
import time
from collections.abc import Iterable
from pathlib import Path

from holdline.dialogs.smart_replies.question_index import QuestionIndex
from holdline.dialogs.smart_replies.smart_reply import DEFAULT_THRESHOLD
from holdline.lab.bench.scenario import Scenario, percentile

LEARNT, ASKED, FOREIGN = "intents-train.csv.gz", "intents-test-public.csv.gz", "intents-oos-public.csv.gz"
"""Tables with the columns `text` and `intent`. The texts of FOREIGN belong to no intent."""
LEAST_RIGHT, LEAST_SILENT = 95.0, 95.0
_PER_CENT = 100

Labelled = list[tuple[str, str]]


def measure(folder: Path, *, threshold: float = DEFAULT_THRESHOLD) -> list[Scenario]:
    """Each intent is one answer; the floors are the required values. Raises OSError or KeyError for a missing table."""
    learnt, asked, foreign = (_read(folder / name) for name in (LEARNT, ASKED, FOREIGN))
    index = QuestionIndex()
    began = time.perf_counter()
    index.update({(number, 0): pair for number, pair in enumerate(learnt)})
    learning = (time.perf_counter() - began) * 1000
    everything, seconds = frozenset(range(len(learnt))), [0.0]

    def answer(text: str) -> str | None:
        began = time.perf_counter()
        guessed = index.guess(text, everything)
        seconds.append(time.perf_counter() - began)
        return learnt[guessed[0]][1] if guessed and guessed[1] >= threshold else None

    answers = [(answer(text), intent) for text, intent in asked]
    given = [said == intent for said, intent in answers if said is not None]
    silent = [answer(text) is None for text, _ in foreign]
    sure = f"at a threshold of {threshold:.0%}"
    return [
        Scenario(
            "smart_replies_right", _share(given), "%", LEAST_RIGHT, f"at least 95 % of the answers, {sure}"
        ),
        Scenario(
            "smart_replies_answered", _per_cent(len(given), len(asked)), "%", _PER_CENT, "as many as can be"
        ),
        Scenario(
            "smart_replies_silent_on_foreign", _share(silent), "%", LEAST_SILENT, f"at least 95 %, {sure}"
        ),
        Scenario(
            "smart_reply_p95",
            percentile(seconds, 0.95) * 1000,
            "ms",
            learning / len(learnt),
            "under 50 ms; the floor is the time to learn one question",
        ),
    ]


def _read(path: Path) -> Labelled:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as table:
        return [(row["text"], row["intent"]) for row in csv.DictReader(table)]


def _share(right: Iterable[bool]) -> float:
    found = list(right)
    return _per_cent(sum(found), len(found))


def _per_cent(part: int, whole: int) -> float:
    return part / whole * _PER_CENT if whole else 0.0
