"""A funnel as a picture: it has every step and branch, nothing overflows, and hostile text is plain text."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from holdline.app.main import invoke
from holdline.dialogs.funnels.graph import BEGIN, END, points_of, ways_of
from holdline.dialogs.funnels.reading.definition import read_definition
from holdline.screens.funnels.pictures.measure import fit, text_width, wrap
from holdline.screens.funnels.pictures.picture import PictureLook, funnel_picture

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = """</text><script>alert(1)</script>&\"' ]]> \x00\ud800\u202e"""
LONG = (
    "Żółć",
    "Щучьи фюзеляжи",
    "🎉🎉🎉",
    "你好世界" * 40,
    "W" * 300,
    "Donaudampfschifffahrtsgesellschaft " * 9,
)


def draw(*steps: Any, look: PictureLook | None = None, **more: Any) -> ElementTree.Element:
    definition = read_definition({"name": "f", "steps": list(steps), **more})
    return ElementTree.fromstring(funnel_picture(definition, look or PictureLook()))


def texts_of(picture: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in picture.iter(f"{SVG}text")]


BRANCHING = (
    {"send": {"text": "Hi", "within": "36h", "buttons": [
        {"text": "Yes", "then": [{"send": {"text": "Good"}}]}, {"text": "Never", "goto": "end"}]}},
    {"split": [{"name": "A", "share": 40, "then": [{"wait": "2d"}]}, {"name": "B", "share": 60}]},
    {"if": {"tag": "vip"}, "then": [{"stop": True}]},
    {"goal": "done", "label": "end"},
)  # fmt: skip


def test_a_graph_has_every_branch_and_follows_jumps() -> None:
    definition = read_definition({"name": "f", "steps": [*BRANCHING, {"wait": "1h"}, {"goto": "end"}]})
    ways = [(way.source, way.target, way.kind, way.caption) for way in ways_of(definition)]
    assert ways == [
        (BEGIN, "0", "next", ""),
        ("0", "0.press.0.0", "button", "Yes"),
        ("0", "3", "button", "Never"),
        ("0", "1", "silence", ""),
        ("0.press.0.0", "1", "next", ""),
        ("1", "1.branch.0.0", "branch", "A"),
        ("1", "2", "branch", "B"),
        ("1.branch.0.0", "2", "next", ""),
        ("2", "2.then.0", "yes", ""),
        ("2", "3", "no", ""),
        ("3", "4", "next", ""),
        ("4", "3", "next", ""),
    ]
    assert END not in points_of(definition)


def test_a_question_without_choices_has_an_answer_branch() -> None:
    ask = {"question": {"text": "?", "name": "size", "within": "1d"}, "else": [{"stop": True}]}
    picture = draw(ask, {"if": {"answer": "size"}, "then": [{"tag": "x"}]})
    assert {"answer", "no answer in 1 day", "“size” is known?"} <= set(texts_of(picture))


def test_unreachable_steps_are_left_out_of_the_picture() -> None:
    definition = read_definition({"name": "f", "steps": [{"stop": True}, {"send": {"text": "never"}}]})
    assert points_of(definition) == [BEGIN, "0"]
    assert "never" not in texts_of(draw({"stop": True}, {"send": {"text": "never"}}))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            {
                "no answer in 1 day 12 hr",
                "A · 40 %",
                "2 days",
                "has the tag “vip”?",
                "yes",
                "no",
                "Stop",
                "done",
                "End",
            },
        ),
        ("ru", {"нет ответа: 1 дн. 12 ч", "есть метка «vip»?", "да", "нет", "Стоп", "Конец"}),
        ("pl", {"brak odpowiedzi: 1 dzień 12 godz.", "ma etykietę „vip”?", "tak", "nie", "Koniec"}),
    ],
)
def test_steps_and_branches_are_labelled_in_the_readers_language(language: str, expected: set[str]) -> None:
    assert expected <= set(texts_of(draw(*BRANCHING, look=PictureLook(language, "dark"))))


def test_numbers_are_shown_at_steps_and_branches() -> None:
    counts = {("0", None): 1234, ("0", "Yes"): 700, ("1", "A"): 5}
    assert {"1\u202f234", "Yes · 700", "A · 40 % · 5"} <= set(
        texts_of(draw(*BRANCHING, look=PictureLook(counts=counts)))
    )


def test_hostile_text_is_shown_as_plain_text() -> None:
    picture = draw(
        {"send": {"text": HOSTILE, "buttons": [{"text": HOSTILE[:40], "then": []}]}}, {"tag": HOSTILE[:60]},
        name=HOSTILE[:60], entry={"tag": HOSTILE[:60]},
    )  # fmt: skip
    assert {element.tag for element in picture.iter()} <= {
        SVG + tag for tag in ("svg", "title", "rect", "path", "polygon", "text")
    }
    assert any("<script>" in text for text in texts_of(picture))


@pytest.mark.parametrize("words", LONG)
def test_lines_are_no_wider_than_their_box(words: str) -> None:
    for line in [*wrap(words, 13, 204, 3), fit(words, 13, 204)]:
        assert text_width(line, 13) <= 204
    assert len(wrap(words, 13, 204, 3)) <= 3


@pytest.mark.parametrize("words", LONG)
def test_texts_stay_inside_their_boxes(words: str) -> None:
    picture = draw({"send": {"text": words}}, {"tag": words[:60]}, {"set": {words[:60]: words[:200]}})
    boxes = [element.attrib for element in picture.iter(f"{SVG}rect")][1:]
    for text in picture.iter(f"{SVG}text"):
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        assert any(
            float(box["x"]) <= x
            and x + text_width(text.text or "", 13) <= float(box["x"]) + float(box["width"])
            and float(box["y"]) <= y <= float(box["y"]) + float(box["height"])
            for box in boxes
        ), text.text


def test_a_picture_for_a_chat_fits_telegrams_size_limits() -> None:
    steps = [{"send": {"text": "x"}}] * 200
    frame = draw(*steps, look=PictureLook(for_chat=True)).attrib
    width, height = (float(frame[side]) * 2.5 for side in ("width", "height"))
    assert width + height < 10_000 and height / width < 20


@pytest.mark.parametrize("name", ["welcome.svg", "welcome.png"])
def test_the_command_writes_a_file(name: str, tmp_path: Path) -> None:
    funnel = ROOT / "examples" / "funnels" / "welcome.toml"
    assert invoke(["funnel", "picture", str(funnel), "--to", str(tmp_path / name), "--theme", "dark"]) == 0
    begins = (tmp_path / name).read_bytes()[:8]
    assert re.match(rb"<svg |\x89PNG", begins)


@pytest.mark.parametrize(
    "options", [["--to", "x.pdf"], ["--to", "/nowhere/x.svg"], ["--to", "x.svg", "--theme", "red"]]
)
def test_an_impossible_picture_is_refused_with_a_sentence(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["funnel", "picture", str(ROOT / "examples" / "funnels" / "welcome.toml"), *options]) == 2
    assert capsys.readouterr().err.startswith("holdline: ")
