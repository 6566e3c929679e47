"""Definitions as they are written: what is accepted, and how faults are reported."""

import copy
import time
from typing import Any

import pytest

from holdline.dialogs.funnels.conditions import HasTag
from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.reading.customer import read_customer
from holdline.dialogs.funnels.reading.definition import read_definition
from holdline.dialogs.funnels.reading.node import BadDefinition
from holdline.dialogs.funnels.steps import (
    IfStep,
    SendStep,
    SplitStep,
    StopStep,
    TagStep,
    UntilStep,
    WaitStep,
)

CONTRACT: dict[str, Any] = {
    "name": "promo",
    "entry": {"start": "promo"},
    "steps": [
        {"send": {"text": "Hello", "buttons": [{"text": "Site", "url": "https://example.org"}]}},
        {"wait": "90s"},
        {"until": "09:00"},
        {"if": {"tag": "vip"}, "then": [{"send": {"text": "For you"}}], "else": []},
        {"tag": "seen"},
        {"goal": "read"},
        {"stop": True},
    ],
}
SAY: dict[str, Any] = {"send": {"text": "x"}}


def funnel(*steps: Any, **more: Any) -> dict[str, Any]:
    return {"name": "f", "steps": list(steps), **more}


def paths_of(written: Any) -> list[str]:
    with pytest.raises(BadDefinition) as bad:
        read_definition(written)
    for fault in bad.value.faults:
        assert all(fault.sentence(language) for language in ("en", "ru", "pl"))
    assert bad.value.field == bad.value.faults[0].field
    return [fault.field for fault in bad.value.faults]


def test_the_example_of_the_contract_is_read_with_an_address_for_each_step() -> None:
    definition = read_definition(copy.deepcopy(CONTRACT))
    assert (definition.name, definition.entries.starts) == ("promo", ("promo",))
    assert {address: type(step) for address, step in definition.by_address.items() if address in "013.then.0"} == {
        "0": SendStep, "1": WaitStep, "3": IfStep, "3.then.0": SendStep,
    }  # fmt: skip
    assert [definition.address_after(one) for one in ("0", "3.then.0", "6")] == ["1", "4", None]
    assert isinstance(definition.by_address["2"], UntilStep)
    assert isinstance(definition.by_address["4"], TagStep)
    assert isinstance(definition.by_address["6"], StopStep)


BAD_SHAPES: list[tuple[Any, str]] = [
    ({"steps": [SAY]}, "name"),
    ({"name": "f"}, "steps"),
    (funnel(), "steps"),
    ([], ""),
    ({**funnel(SAY), "stepz": 1}, "stepz"),
    (funnel(SAY, {"wait": "soon"}), "steps[1].wait"),
    (funnel({"wait": "0s"}), "steps[0].wait"),
    (funnel({"wait": 90}), "steps[0].wait"),
    (funnel(SAY, {"if": {"tag": "x"}, "then": [{"send": {}}]}), "steps[1].then[0].send.text"),
    (funnel(SAY, {"if": {"tag": "x"}, "then": [{"send": {"text": " "}}]}), "steps[1].then[0].send.text"),
    (funnel({"send": {"text": "x" * 4097}}), "steps[0].send.text"),
    (funnel({"send": {"text": 5}}), "steps[0].send.text"),
    (funnel({"send": "Hi"}), "steps[0].send"),
    (funnel("Hi"), "steps[0]"),
    (funnel({}), "steps[0]"),
    (funnel({"wait": "1h", "tag": "x"}), "steps[0]"),
    (funnel({"wiat": "1h"}), "steps[0].wiat"),
    (funnel({"wait": "1h", "then": []}), "steps[0].then"),
    (funnel({"until": "9:00"}), "steps[0].until"),
    (funnel({"until": {"time": "24:00"}}), "steps[0].until.time"),
    (funnel({"until": {"weekday": "mon"}}), "steps[0].until.time"),
    (funnel({"until": {"time": "09:00", "weekday": "monday"}}), "steps[0].until.weekday"),
    (funnel({"until": {"time": "09:00", "weekdays": ["mon", "x"]}}), "steps[0].until.weekdays[1]"),
    (funnel({"if": {}, "then": [SAY]}), "steps[0].if"),
    (funnel({"if": {"tag": "x", "language": "pl"}, "then": [SAY]}), "steps[0].if"),
    (funnel({"if": {"tag": "x", "is": "y"}, "then": [SAY]}), "steps[0].if.is"),
    (funnel({"if": {"language": "xx"}, "then": [SAY]}), "steps[0].if.language"),
    (funnel({"if": {"all": []}, "then": [SAY]}), "steps[0].if.all"),
    (funnel({"if": {"any": [{"tag": "x"}, {"tga": "x"}]}, "then": [SAY]}), "steps[0].if.any[1].tga"),
    (funnel({"if": {"field": "age", "above": "ten"}, "then": [SAY]}), "steps[0].if.above"),
    (funnel({"stop": False}), "steps[0].stop"),
    (funnel({"set": {}}), "steps[0].set"),
    (funnel({"set": {"city": ["x"]}}), "steps[0].set.city"),
    (funnel({"set": {"n": float("inf")}}), "steps[0].set.n"),
    (funnel({"question": {"text": "?"}}), "steps[0].question.name"),
    (funnel({"question": {"text": "?", "name": "a", "choices": []}}), "steps[0].question.choices"),
    (funnel({"send": {"text": "x", "buttons": [{"text": "a"}]}}), "steps[0].send.buttons[0]"),
    (funnel({"send": {"text": "x", "buttons": [{"text": "a" * 65, "data": "b"}]}}),
     "steps[0].send.buttons[0].text"),
    (funnel({"send": {"text": "x", "buttons": [{"text": "a", "then": [{"wait": ""}]}]}}),
     "steps[0].send.buttons[0].then[0].wait"),
    (funnel({"split": [{"name": "a", "share": 100}, {"name": "b", "share": 1}]}), "steps[0].split[0].share"),
    (funnel(SAY, entry={"start": "a b"}), "entry.start"),
    (funnel(SAY, entry={"tag": []}), "entry.tag"),
    (funnel(SAY, entry={"button": "yes"}), "entry.button"),
    (funnel(SAY, entry={"dialog_closed": {"cause": "x"}}), "entry.dialog_closed.cause"),
    (funnel(SAY, goals=[{"goal": "x"}]), "goals[0].if"),
    (funnel(SAY, stop_words=["", "x"]), "stop_words[0]"),
]  # fmt: skip
"""The JSON schema sees these too."""
BAD_SENSE: list[tuple[Any, str]] = [
    (funnel({"wait": "366d"}), "steps[0].wait"),
    (funnel({"send": {"text": "😀" * 2049}}), "steps[0].send.text"),
    (funnel({"if": {"tag": "x"}}), "steps[0].if"),
    (funnel({"goto": "a"}), "steps[0].goto"),
    (funnel({**SAY, "label": "a"}, {**SAY, "label": "a"}), "steps[1].label"),
    (funnel({**SAY, "label": "a"}, {"goto": "a"}), "steps[1].goto"),
    (funnel({**SAY, "label": "a"}, {"wait": "59s"}, {"goto": "a"}), "steps[2].goto"),
    (funnel({"question": {"text": "?", "name": "n", "within": "59s"}, "label": "a"}, {"goto": "a"}),
     "steps[1].goto"),
    (funnel({"send": {"text": "?", "within": "1s", "buttons": [{"text": "b", "then": []}]}, "label": "a",
             "else": [{"goto": "a"}]}), "steps[0].else[0].goto"),
    (funnel({"if": {"tag": "x"}, "then": [{"goto": "a"}]}, {"goto": "b", "label": "a"},
            {"until": "09:00", "label": "b"}, {"goto": "a"}), "steps[3].goto"),
    (funnel({"question": {"text": "?", "name": "a|b"}}), "steps[0].question.name"),
    (funnel({"question": {"text": "?", "name": "a", "choices": ["A", "a "]}}), "steps[0].question.choices"),
    (funnel({"send": {"text": "x", "within": "1d"}}), "steps[0].send.within"),
    (funnel({**SAY, "else": [SAY]}), "steps[0].else"),
    (funnel({"send": {"text": "x", "buttons": [[{"text": "a", "url": "nowhere"}]]}}),
     "steps[0].send.buttons[0][0].url"),
    (funnel({"send": {"text": "x", "buttons": [{"text": "a", "data": "я" * 33}]}}),
     "steps[0].send.buttons[0].data"),
    (funnel({"split": [{"name": "a", "share": 50}, {"name": "b", "share": 49}]}), "steps[0].split"),
    (funnel({"split": [{"name": "a", "share": 50}, {"name": "a", "share": 50}]}), "steps[0].split"),
]  # fmt: skip
"""What one part says of another, and what Telegram counts, only reading sees."""
PHOTO, VOICE = {"photo": "AgACAgIAAx"}, {"voice": "AwACAgIAAx"}
BAD_MESSAGES: list[tuple[dict[str, Any], str]] = [
    ({"html": "<b>Hi"}, "html"),
    ({"html": " "}, "html"),
    ({"html": 5}, "html"),
    ({"html": "<b>" * 9000}, "html"),
    ({"html": "<b>{customer.shoe}</b>"}, "html"),
    ({"text": "{field.city}"}, "text"),
    ({"text": "{answer.city}"}, "text"),
    ({"text": "a", "html": "b"}, "text"),
    ({"text": "abc", "entities": [{"type": "bold", "offset": 0, "length": 9}]}, "entities[0]"),
    ({"text": "abc", "entities": [5]}, "entities[0]"),
    ({"text": "x" * 1025, "media": PHOTO}, "text"),
    ({"media": {"photo": "http://example.org/a.jpg"}}, "media.photo"),
    ({"media": [PHOTO, {"photo": "x y"}]}, "media[1].photo"),
    ({"media": [PHOTO, VOICE]}, "media"),
    ({"media": [PHOTO, PHOTO], "buttons": [{"text": "a", "data": "b"}]}, "buttons"),
    ({"text": "x", "link_preview": 0}, "link_preview"),
]


@pytest.mark.parametrize(("written", "path"), [*BAD_SHAPES, *BAD_SENSE])
def test_each_fault_is_reported_with_its_path(written: Any, path: str) -> None:
    assert paths_of(written)[0] == path


@pytest.mark.parametrize(("said", "path"), BAD_MESSAGES)
def test_invalid_formatting_and_files_are_refused_with_their_path(said: dict[str, Any], path: str) -> None:
    assert paths_of(funnel({"send": said}))[0] == f"steps[0].send.{path}"


def test_formatting_and_files_are_read() -> None:
    said = [
        {"html": "<b>Hi</b>\u202e\n<i>you</i>"},
        {"media": PHOTO},
        {"media": [PHOTO, PHOTO], "text": "two"},
    ]
    steps = read_definition(funnel(*({"send": one} for one in said))).steps
    html, photo, album = (step.message for step in steps if isinstance(step, SendStep))
    assert html.words.text == "Hi \nyou"
    assert [(one["type"], one["offset"]) for one in html.words.entities] == [("bold", 0), ("italic", 4)]
    assert (photo.words.text, photo.media[0].kind, len(album.media)) == ("", "photo", 2)


def test_steps_have_the_values_of_the_definition() -> None:
    read = read_definition(
        funnel(
            {"if": {"tag": "vip"}, "then": [SAY]},
            {"split": [{"name": "a", "share": 1}, {"name": "b", "share": 99}]},
            {"tag": "seen"},
            {"untag": "new"},
            *({"send": {"text": "x", "link_preview": shown}} for shown in (True, False)),
        )
    ).steps
    chosen, split, *tags = read[:4]
    assert isinstance(chosen, IfStep) and chosen.condition == HasTag("vip")
    assert isinstance(split, SplitStep) and [one.share for one in split.branches] == [1, 99]
    assert [(one.tag, one.added) for one in tags if isinstance(one, TagStep)] == [
        ("seen", True),
        ("new", False),
    ]
    assert [one.message.link_preview for one in read[4:] if isinstance(one, SendStep)] == [True, False]


def test_each_button_leads_to_a_branch_with_its_number() -> None:
    buttons = [[{"text": "a", "then": [SAY]}, {"text": "b", "then": [SAY]}], {"text": "c", "then": [SAY]}]
    definition = read_definition(funnel({"send": {"text": "x", "buttons": buttons}}))
    assert sorted(definition.by_address) == ["0", "0.press.0.0", "0.press.1.0", "0.press.2.0"]


def test_a_dry_run_assumes_a_customer_without_a_dialog_by_default() -> None:
    profile = read_customer({}).profile
    assert (profile.name, profile.dialog, profile.fields, profile.tags) == ("", "none", {}, frozenset())


@pytest.mark.parametrize("share", [0, 100, True, "50"])
def test_a_share_is_a_number_from_1_to_99(share: Any) -> None:
    written = funnel({"split": [{"name": "a", "share": share}, {"name": "b", "share": 50}]})
    assert paths_of(written)[0] == "steps[0].split[0].share"


def test_null_counts_as_missing() -> None:
    button = {"text": "a", "url": None, "data": "b", "then": None}
    written = funnel({"send": {"text": "x", "buttons": [button]}, "label": None, "wait": None}, entry=None)
    assert read_definition(written) == read_definition(
        funnel({"send": {"text": "x", "buttons": [{"text": "a", "data": "b"}]}})
    )
    assert paths_of(funnel({"wait": None}, {"send": {"text": None}})) == ["steps[0]", "steps[1].send.text"]


def test_all_faults_are_reported_in_the_order_of_the_file() -> None:
    written = funnel({"wait": "x"}, {"send": {"text": "", "buttons": [{"text": "a"}]}}, {"goto": "z"})
    assert paths_of(written) == [
        "steps[0].wait", "steps[1].send.text", "steps[1].send.buttons[0]", "steps[2].goto",
    ]  # fmt: skip


def nested(levels: int) -> dict[str, Any]:
    step: dict[str, Any] = SAY
    for _ in range(levels):
        step = {"if": {"tag": "x"}, "then": [step]}
    return funnel(step)


def doubled(levels: int) -> Any:
    condition: dict[str, Any] = {"tag": "x"}
    for _ in range(levels):
        condition = {"all": [condition] * 20}
    return funnel({"if": condition, "then": [SAY]})


@pytest.mark.parametrize(
    "written",
    [
        nested(9),
        nested(900),
        doubled(50),
        funnel(*[SAY] * 201),
        funnel(*[{"wait": "x"}] * 100_000),
        funnel({"wait": "9" * 1_000_000 + "d"}),
        funnel({"set": {"n": 10**400}}),
        {f"key{number}": number for number in range(10_000)} | funnel(SAY),
        {"x" * 1_000_000: 1} | funnel(SAY),
        funnel(*[{"if": {"tag": "x"}, "then": [SAY] * 199, "else": [SAY] * 199}] * 199),
    ],
    ids=range(10),
)
def test_a_hostile_definition_is_refused_quickly(written: Any) -> None:
    begun = time.perf_counter()
    paths = paths_of(written)
    assert time.perf_counter() - begun < 1
    assert all(len(path) < 300 for path in paths) and len(paths) <= 50


def test_the_deepest_allowed_definition_is_read() -> None:
    assert (
        "0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0" in read_definition(nested(8)).by_address
    )


def test_a_loop_with_a_wait_or_a_question_in_it_is_accepted() -> None:
    read_definition(funnel({**SAY, "label": "a"}, {"wait": "60s"}, {"goto": "a"}))
    ask = {"question": {"text": "?", "name": "a", "choices": [{"text": "again", "goto": "a"}]}, "label": "a"}
    read_definition(funnel(ask))
    silent = {"question": {"text": "?", "name": "a", "within": "60s"}, "label": "a"}
    read_definition(funnel(silent, {"goto": "a"}))


@pytest.mark.parametrize(
    ("said", "ends"),
    [("Stop", True), ("  stop ! ", True), ("STOP", True), ("stop it", False), ("", False), ("Хватит", True)],
)
def test_a_stop_word_counts_only_as_the_whole_text(said: str, ends: bool) -> None:
    definition: Definition = read_definition(funnel(SAY, stop_words=["stop", "хватит"]))
    assert definition.is_stop_word(said) is ends
