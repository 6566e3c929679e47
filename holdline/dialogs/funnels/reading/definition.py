"""Reads a whole definition: its keys, then what concerns it as a whole: labels, endless loops, variables."""

from contextlib import suppress
from typing import Any

from holdline.dialogs.customer_commands import is_start_payload
from holdline.dialogs.funnels.definition import ClosedEntry, Definition, EndingGoal, Entries
from holdline.dialogs.funnels.reading.conditions import read_condition
from holdline.dialogs.funnels.reading.node import BadDefinition, Node, TooManyFaults
from holdline.dialogs.funnels.reading.rounds import find_round
from holdline.dialogs.funnels.reading.steps import StepReader
from holdline.dialogs.refusal import BadInput

KEYS = ("name", "entry", "steps", "stop_words", "goals", "topic", "$schema")
ENTRY_KEYS = ("start", "tag", "button", "dialog_closed")
MOST_ENTRIES, MOST_STOP_WORDS, MOST_GOALS = 20, 50, 10


def read_definition(written: Any) -> Definition:
    """Reads parsed JSON or TOML. Raises BadDefinition with all faults."""
    faults: list[BadInput] = []
    definition = None
    with suppress(TooManyFaults):
        definition = _read(Node(written, "", faults))
    if faults or definition is None:
        raise BadDefinition(faults)
    return definition


def _read(root: Node) -> Definition:
    keys = root.table(KEYS)
    if not isinstance(root.value, dict):
        return Definition("", ())
    reader = StepReader(keys["topic"].name() if "topic" in keys else None)
    definition = Definition(
        name=keys.get("name", root.key("name")).name(),
        entries=_read_entries(keys["entry"]) if "entry" in keys else Entries(),
        stop_words=keys["stop_words"].names(MOST_STOP_WORDS) if "stop_words" in keys else (),
        goals=tuple(_read_goal(item) for item in keys["goals"].items(MOST_GOALS)) if "goals" in keys else (),
        steps=reader.read_steps(keys["steps"], "") if "steps" in keys else (),
        paths=reader.paths,
    )
    if keys.get("steps", root.key("steps")).value in (None, []):
        root.key("steps").refuse("no_steps")
    for label, node in reader.gotos:
        if label and label not in reader.labels:
            node.refuse(
                "no_label" if reader.labels else "no_labels", label=label, labels=", ".join(reader.labels)
            )
    if not root.faults and (address := find_round(definition)):
        reader.goto_steps[address].refuse("round")
    return definition


def _read_goal(node: Node) -> EndingGoal:
    keys = node.table(("goal", "if"))
    return EndingGoal(
        keys.get("goal", node.key("goal")).name(), read_condition(keys.get("if", node.key("if")))
    )


def _read_entries(node: Node) -> Entries:
    keys = node.table(ENTRY_KEYS)
    return Entries(
        starts=tuple(_read_payload(one) for one in keys["start"].one_or_more(MOST_ENTRIES))
        if "start" in keys
        else (),
        tags=keys["tag"].names(MOST_ENTRIES) if "tag" in keys else (),
        button="button" in keys and keys["button"].is_true(),
        dialog_closed=_read_closed(keys["dialog_closed"]) if "dialog_closed" in keys else None,
    )


def _read_payload(node: Node) -> str:
    """The text that may follow t.me/bot?start=."""
    if isinstance(node.value, str) and is_start_payload(node.value):
        return node.value
    node.refuse("start_payload")
    return ""


def _read_closed(node: Node) -> ClosedEntry:
    if node.value is True:
        return ClosedEntry()
    keys = node.table(("reason", "type"))
    names = (keys[key].names() if key in keys else () for key in ("reason", "type"))
    return ClosedEntry(*names)
