"""The page about funnels shows only what is read, and names every key."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from holdline.dialogs.funnels.reading.conditions import ASKED
from holdline.dialogs.funnels.reading.definition import ENTRY_KEYS, KEYS, read_definition
from holdline.dialogs.funnels.reading.messages import BUTTON_KEYS, SEND_KEYS
from holdline.dialogs.funnels.reading.steps import ACTS, QUESTION_KEYS

PAGE = (Path(__file__).parents[2] / "docs" / "funnels.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
LINES = re.findall(r"^\| .*?\| `([a-z]+ = [^`]+)`", PAGE, re.MULTILINE)


def whole(part: dict[str, Any]) -> dict[str, Any]:
    return {"name": "f", "steps": [{"send": {"text": "x"}}]} | part


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_on_the_page_is_valid(block: str) -> None:
    read_definition(whole(tomllib.loads(block)))


def test_every_line_of_the_table_is_valid() -> None:
    assert {line.split()[0] for line in LINES} == {*ACTS} - {"untag"}
    for line in LINES:
        step = tomllib.loads(line.replace("[…]", "[]"))
        then = {"then": []} if "if" in step else {}
        read_definition(whole({"steps": [step | then, {"goal": "x", "label": "offer"}]}))


def test_every_key_is_documented() -> None:
    words = set(re.findall(r"[\w$]+", PAGE))
    known = {*KEYS, *ENTRY_KEYS, *ACTS, *ASKED, *SEND_KEYS, *QUESTION_KEYS, *BUTTON_KEYS} - {"$schema"}
    assert sorted(known - words) == []
