"""Definitions that are allowed in a funnel but are probably mistakes."""

from typing import Any

import pytest

from holdline.dialogs.funnels.doubts import doubts_of
from holdline.dialogs.funnels.reading.definition import read_definition

STOP, HELLO = {"stop": True}, {"send": {"text": "Hello"}}
SIZE = {"question": {"text": "Size?", "name": "Size", "choices": ["S", {"text": "?", "goto": "help"}]}}
HELP = {"label": "help", "send": {"text": "Measure"}}
UNREACHED: dict[str, tuple[list[Any], list[str]]] = {
    "after a stop": ([HELLO, STOP, HELLO, HELLO], ["steps[2]"]),
    "after a goto": ([{"goto": "help"}, HELLO, HELP], ["steps[1]"]),
    "with steps inside": ([STOP, {"if": {"tag": "x"}, "then": [HELLO], "else": [STOP]}], ["steps[1]"]),
    "in a branch": ([{"if": {"tag": "x"}, "then": [STOP, HELLO]}, HELLO], ["steps[0].then[1]"]),
    "in a row in a branch": (
        [{"if": {"tag": "x"}, "then": [STOP, HELLO, HELLO]}, HELLO],
        ["steps[0].then[1]"],
    ),
    "after both branches": ([{"if": {"tag": "x"}, "then": [STOP], "else": [STOP]}, HELLO], ["steps[1]"]),
    "led to by a choice": ([SIZE, STOP, HELP], []),
    "nothing": ([HELLO, {"wait": "1d"}, HELLO], []),
}


@pytest.mark.parametrize(("steps", "paths"), UNREACHED.values(), ids=UNREACHED)
def test_unreachable_steps_are_reported_once(steps: list[Any], paths: list[str]) -> None:
    found = doubts_of(read_definition({"name": "f", "steps": steps}))
    assert [(one.kind, one.path) for one in found] == [("unreached", path) for path in paths]


@pytest.mark.parametrize(
    ("text", "names"),
    [("{answer.size|?}", []), ("{answer.sise|?} {answer.sise|?}", ["sise"]), ("{field.sise|?}", [])],
)
def test_a_variable_of_an_answer_never_asked_for_is_reported(text: str, names: list[str]) -> None:
    found = doubts_of(read_definition({"name": "f", "steps": [SIZE, {"send": {"text": text}}, HELP]}))
    assert [(one.kind, one.path, one.name) for one in found] == [
        ("unasked", "steps[1]", name) for name in names
    ]
