"""The largest values that are allowed, and the first that are refused."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.funnels.dry_run import MOST_MOMENTS, DryCustomer, run_dry
from holdline.dialogs.funnels.reading.conditions import DEEPEST_CONDITION
from holdline.dialogs.funnels.reading.definition import read_definition
from holdline.dialogs.marketing.content import MOST_FILES, Medium, read_media
from tests.dialogs.examples import refusal_of
from tests.dialogs.funnels.test_course import ANNA, NOW, read, say
from tests.dialogs.funnels.test_reading import SAY, funnel, paths_of

PHOTO, DOCUMENT = {"photo": "AgACAgIAAx"}, {"document": "BQACAgIAAx"}


def test_a_condition_is_nested_at_most_five_levels_deep() -> None:
    condition: dict[str, Any] = {"tag": "x"}
    for _ in range(DEEPEST_CONDITION - 1):
        condition = {"not": condition}
    read_definition(funnel({"if": condition, "then": [SAY]}))
    path = "steps[0].if" + ".not" * DEEPEST_CONDITION
    assert paths_of(funnel({"if": {"not": condition}, "then": [SAY]})) == [path]


def test_a_bad_file_without_a_text_is_reported_as_one_fault() -> None:
    assert paths_of(funnel({"send": {"media": {"photo": "x y"}}})) == ["steps[0].send.media.photo"]


def ask(*choices: Any) -> dict[str, Any]:
    return {"question": {"text": "?", "name": "a", "choices": list(choices)}, "label": "a"}


@pytest.mark.parametrize(
    ("choices", "faults"),
    [
        (["A", {"text": "B", "then": [SAY]}, {"text": "C", "goto": "a"}, {"text": "D"}], []),
        ([{"text": "B", "then": [SAY], "goto": "a"}], ["steps[0].question.choices[0]"]),
        ([5, "A"], ["steps[0].question.choices[0]"]),
    ],
)
def test_a_choice_has_steps_or_a_jump_but_not_both(choices: list[Any], faults: list[str]) -> None:
    if not faults:
        buttons = read_definition(funnel(ask(*choices))).steps[0].message.buttons  # type: ignore[union-attr]
        plain, steps, jump, nowhere = buttons
        assert (plain.text, plain.then, plain.goto) == ("A", (), None)
        assert (len(steps.then), steps.goto) == (1, None)
        assert (jump.then, jump.goto, nowhere.goto) == ((), "a", None)
    else:
        assert paths_of(funnel(ask(*choices))) == faults


STOP = {"stop": True}
SHARES = ({"name": "a", "share": 50}, {"name": "b", "share": 50})


@pytest.mark.parametrize(
    ("step", "is_round"),
    [
        ({"if": {"tag": "x"}, "then": [STOP], "else": [STOP]}, False),
        ({"if": {"tag": "x"}, "then": [STOP]}, True),
        ({"split": [{**one, "then": [STOP]} for one in SHARES]}, False),
        ({"split": [{**SHARES[0], "then": [STOP]}, SHARES[1]]}, True),
        ({"split": [{**SHARES[0], "then": [SAY]}, {**SHARES[1], "then": [STOP]}]}, True),
    ],
)
def test_a_step_is_reachable_only_if_a_branch_leads_to_it(step: dict[str, Any], is_round: bool) -> None:
    written = funnel({**step, "label": "a"}, {"goto": "a"})
    if is_round:
        assert paths_of(written) == ["steps[1].goto"]
    else:
        read_definition(written)


def test_a_dry_run_ends_after_a_maximum_of_moments() -> None:
    endless = read({**say("a"), "label": "a"}, {"wait": "60s"}, {"goto": "a"})
    moments = run_dry(endless, DryCustomer(ANNA), NOW)
    assert len(moments) == MOST_MOMENTS
    assert moments[-1].after == (MOST_MOMENTS - 1) * timedelta(minutes=1)


@pytest.mark.parametrize(
    ("written", "media"),
    [
        (None, ()),
        (PHOTO, (Medium("photo", "AgACAgIAAx"),)),
        ([PHOTO], (Medium("photo", "AgACAgIAAx"),)),
        ([DOCUMENT] * MOST_FILES, (Medium("document", "BQACAgIAAx"),) * MOST_FILES),
    ],
)
def test_valid_files_of_a_message_are_read(written: Any, media: tuple[Medium, ...]) -> None:
    assert read_media(written) == media


@pytest.mark.parametrize(
    ("written", "field", "mend"),
    [
        ([], "media", "mends.media_count"),
        ([PHOTO] * (MOST_FILES + 1), "media", "mends.media_count"),
        ([PHOTO, DOCUMENT], "media", "mends.media_album"),
        ([{"voice": "AwACAgIAAx"}] * 2, "media", "mends.media_album"),
        ([PHOTO, 5], "media.1", None),
        (5, "media", None),
    ],
)
def test_invalid_files_of_a_message_are_refused(written: Any, field: str, mend: str | None) -> None:
    named, key, _ = refusal_of(lambda: read_media(written))
    assert named == field and mend in (None, key)


@pytest.mark.parametrize(
    ("condition", "faults"),
    [
        ({"field": "age", "above": 5, "is": [7, True, "x"]}, []),
        ({"answer": "age", "below": 5}, []),
        ({"tag": "x", "above": 5}, ["steps[0].if.above"]),
        ({"dialog": "active", "below": 5, "is": "x"}, ["steps[0].if.below", "steps[0].if.is"]),
    ],
)
def test_only_values_are_compared(condition: dict[str, Any], faults: list[str]) -> None:
    written = funnel({"if": condition, "then": [SAY]})
    if not faults:
        read_definition(written)
    else:
        assert sorted(paths_of(written)) == sorted(faults)


@pytest.mark.parametrize("key", ["then", "else", "label"])
def test_a_step_with_only_a_secondary_key_is_refused(key: str) -> None:
    assert paths_of(funnel({key: [SAY]})) == ["steps[0]"]


def test_a_dry_run_shows_effects_messages_answers_and_the_end_in_order() -> None:
    size = {"question": {"text": "Size?", "name": "size", "field": "Size"}}
    button = {"send": {"text": "?", "buttons": [{"text": "Yes", "then": [{"goal": "done"}]}], "within": "1h"}}
    definition = read({"tag": "seen"}, size, button)
    moments = run_dry(definition, DryCustomer(ANNA, ("M", "yes")), NOW)
    shown = [one.what if isinstance(one.what, str) else type(one.what).__name__ for one in moments]
    assert shown == [
        "TagEffect", "FunnelMessage", "M", "AnswerEffect", "FieldEffect", "FunnelMessage", "yes",
        "BranchEffect", "GoalEffect", "Finish",
    ]  # fmt: skip
    assert {one.after for one in moments} == {timedelta(0)}
