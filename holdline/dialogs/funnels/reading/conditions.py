"""Reads conditions: a table that asks one thing."""

from typing import Literal

from holdline.dialogs.funnels.conditions import (
    DIALOG_STATES,
    AllHold,
    AnyHolds,
    DialogIs,
    FunnelCondition,
    HasTag,
    HasValue,
    NotHolds,
    SpeaksLanguage,
)
from holdline.dialogs.funnels.reading.node import Node
from holdline.dialogs.funnels.reading.values import read_number
from holdline.texts.catalog import LANGUAGES

ASKED = ("tag", "field", "answer", "language", "dialog", "not", "all", "any")
COMPARISONS = ("is", "above", "below")
DEEPEST_CONDITION = 5
MOST_CONDITIONS = 20
_HARMLESS = HasTag("")


def read_condition(node: Node, depth: int = 1) -> FunnelCondition:
    known = len(node.faults)
    keys = node.table((*ASKED, *COMPARISONS))
    asked = [key for key in keys if key in ASKED]
    if len(asked) != 1:
        if len(asked) > 1 or len(node.faults) == known:  # a key that is misspelt is one mistake, not two
            node.refuse("one_condition", keys=", ".join(ASKED))
        return _HARMLESS
    kind, value = asked[0], keys[asked[0]]
    if kind not in ("field", "answer"):
        for key in COMPARISONS:
            if key in keys:
                keys[key].refuse("comparison_of_value")
    if kind in ("not", "all", "any"):
        return _read_joined(kind, value, depth)
    match kind:
        case "tag":
            return HasTag(value.name())
        case "language":
            return SpeaksLanguage(tuple(one.one_of(LANGUAGES) for one in value.one_or_more()))
        case "dialog":
            return DialogIs(tuple(one.one_of(DIALOG_STATES) for one in value.one_or_more()))
        case _:
            return _read_value("field" if kind == "field" else "answer", value, keys)


def _read_joined(kind: str, node: Node, depth: int) -> FunnelCondition:
    if depth >= DEEPEST_CONDITION:
        node.refuse("too_deep", most=DEEPEST_CONDITION)
        return _HARMLESS
    if kind == "not":
        return NotHolds(read_condition(node, depth + 1))
    if node.value == []:
        node.refuse("empty_list")
    conditions = tuple(read_condition(one, depth + 1) for one in node.items(MOST_CONDITIONS))
    return AllHold(conditions) if kind == "all" else AnyHolds(conditions)


def _read_value(kind: Literal["field", "answer"], node: Node, keys: dict[str, Node]) -> HasValue:
    wanted = tuple(_plain(one) for one in keys["is"].one_or_more(MOST_CONDITIONS)) if "is" in keys else ()
    above, below = (read_number(keys[key]) if key in keys else None for key in ("above", "below"))
    return HasValue(kind, node.name(), wanted, above, below)


def _plain(node: Node) -> str | int | float | bool:
    if isinstance(node.value, bool):
        return node.value
    return read_number(node) if isinstance(node.value, int | float) else node.name()
