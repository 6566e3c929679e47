"""The bench of smart replies: right answers and silence, counted on labelled questions."""

import csv
import gzip
from pathlib import Path

import pytest

from holdline.lab.bench import questions

LEARNT = [("How do I reset my password?", "password"), ("What are your opening hours?", "hours")]
ASKED = [
    ("reset my password please", "password"),
    ("opening hours?", "hours"),
    ("are you there on sundays", "hours"),
]
FOREIGN = [("what is the weather like", "oos"), ("tell me a joke", "oos")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rows in ((questions.LEARNT, LEARNT), (questions.ASKED, ASKED), (questions.FOREIGN, FOREIGN)):
        with gzip.open(tmp_path / name, "wt", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("text", "intent"), *rows])
    return tmp_path


def test_right_answers_answers_and_silences_are_counted(folder: Path) -> None:
    found = {one.name: one for one in questions.measure(folder)}
    assert found["smart_replies_right"].figure == 100
    assert found["smart_replies_answered"].figure == pytest.approx(200 / 3)
    assert found["smart_replies_silent_on_foreign"].figure == 100
    assert found["smart_reply_p95"].figure > 0 and found["smart_reply_p95"].floor > 0


def test_without_a_threshold_everything_is_answered(folder: Path) -> None:
    answered = {one.name: one.figure for one in questions.measure(folder, threshold=0.0)}
    assert answered["smart_replies_silent_on_foreign"] < 100
