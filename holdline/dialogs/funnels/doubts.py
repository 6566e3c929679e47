"""What is allowed in a definition but hardly meant: steps that nobody reaches, answers that no question asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from holdline.dialogs.funnels.conditions import same_word
from holdline.dialogs.funnels.definition import Definition, parent_of
from holdline.dialogs.funnels.graph import points_of
from holdline.dialogs.funnels.steps import GotoStep, QuestionStep, SendStep
from holdline.dialogs.marketing.variables import answers_named


@dataclass(frozen=True, slots=True)
class FunnelDoubt:
    """`path`: its path in the file. `name`: the answer that nobody asks for."""

    kind: Literal["unreached", "unasked"]
    path: str
    name: str = ""


def doubts_of(definition: Definition) -> list[FunnelDoubt]:
    """The doubts, in the order of the steps."""
    return [*_steps_without_way(definition), *_answers_without_question(definition)]


def _steps_without_way(definition: Definition) -> Iterator[FunnelDoubt]:
    """Of several such steps in a row or inside each other only the first one."""
    reached = set(points_of(definition))
    for address, step in definition.by_address.items():
        if address in reached or isinstance(step, GotoStep):
            continue
        around, _, number = address.rpartition(".")
        before = f"{around}.{int(number) - 1}" if around else str(int(number) - 1)
        neighbours = [
            one for one in (before, parent_of(address) if around else "") if one in definition.by_address
        ]
        if all(one in reached or isinstance(definition.by_address[one], GotoStep) for one in neighbours):
            yield FunnelDoubt("unreached", definition.paths.get(address, address))


def _answers_without_question(definition: Definition) -> Iterator[FunnelDoubt]:
    steps = definition.by_address.values()
    asked = {same_word(step.name) for step in steps if isinstance(step, QuestionStep)}
    for step in steps:
        if isinstance(step, SendStep | QuestionStep):
            for name in dict.fromkeys(answers_named(step.message.words.text)):
                if same_word(name) not in asked:
                    yield FunnelDoubt("unasked", definition.paths.get(step.address, step.address), name)
