"""Each button verb is declared once, offered somewhere, answered once, and has a caption in every language."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from holdline.dialogs import verbs
from holdline.dialogs.verbs import CustomerVerb, DeskVerb, DialogVerb
from holdline.screens.keyboards import EDIT_VERBS, MOVE_VERBS
from holdline.texts import has_text
from tests.syntax import nodes_of

ROOT = Path(__file__).parents[2] / "holdline"
DECLARED_IN = Path(verbs.__file__)
ANSWERED_IN = {ROOT / "screens/console/presses.py", ROOT / "bot/handlers/customer_presses.py"}
DECLARED = {f"{type(verb).__name__}.{verb.name}" for verb in (*CustomerVerb, *DialogVerb, *DeskVerb)}
WORDS = {verb.value for verb in (*CustomerVerb, *DialogVerb, *DeskVerb)}
NO_LONGER_OFFERED: set[str] = set()
"""Buttons that only earlier versions made: they stand in chats, so they are still answered."""
MAKERS = {"callback_button", "button_data"}
MAPS = {"MOVE_VERBS", "EDIT_VERBS", "_CONFIRM_VERBS"}
"""Tables that a maker looks its verb up in."""


def trees() -> Iterator[tuple[Path, tuple[ast.AST, ...]]]:
    for path in sorted(ROOT.rglob("*.py")):
        if path != DECLARED_IN:
            yield path, nodes_of(path)


def verbs_in(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            name = f"{one.value.id}.{one.attr}"
            if name in DECLARED:
                yield name


def is_maker(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in MAKERS
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return isinstance(node, ast.Assign | ast.AnnAssign) and any(
        isinstance(target, ast.Name) and target.id in MAPS for target in targets
    )


def test_every_verb_is_offered_or_known_to_be_old() -> None:
    offered = {verb for _, nodes in trees() for node in nodes if is_maker(node) for verb in verbs_in(node)}
    assert offered ^ NO_LONGER_OFFERED == DECLARED


def test_every_verb_is_answered_exactly_once() -> None:
    answered = Counter(
        verb
        for path, nodes in trees()
        if path in ANSWERED_IN
        for node in nodes
        if isinstance(node, ast.match_case)
        for verb in verbs_in(node.pattern)
    )
    assert answered == Counter(DECLARED)


def test_no_button_verb_is_a_literal_string() -> None:
    """Those with a dot are verbs wherever they stand; the others are words of every day, see below."""
    dotted = "|".join(re.escape(word) for word in WORDS if "." in word)
    data = re.compile(rf"(?:{dotted})(?::.*)?")
    by_hand = [
        f"{path.relative_to(ROOT.parent)}:{node.lineno} {node.value}"
        for path, nodes in trees()
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and data.fullmatch(node.value)
    ]
    assert by_hand == []


def test_buttons_are_made_by_one_function() -> None:
    """A button is a dictionary whose `data` comes from `button_data`, never from a string put together."""
    by_hand = [
        f"{path.relative_to(ROOT.parent)}:{value.lineno}"
        for path, nodes in trees()
        if path.relative_to(ROOT).parts[0] in ("desk", "screens", "bot")
        for node in nodes
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value in ("data", "callback_data")
        if isinstance(value, ast.JoinedStr | ast.Constant)
    ]
    assert by_hand == []


def test_every_verb_with_a_caption_of_its_own_has_it_in_every_language() -> None:
    keys = [f"cards.button_{name}" for name in (*MOVE_VERBS, *EDIT_VERBS)]
    keys += [f"manager.sure_{event}" for event in MOVE_VERBS if event != "close"]
    assert [key for key in keys if not has_text(key)] == []
