"""Every kind of outbox item is declared once, and its name is not repeated elsewhere."""

import ast
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

from holdline.dialogs.outbox.changes import Change
from holdline.dialogs.outbox.item import Item, Worth
from holdline.dialogs.outbox.kinds import KINDS
from holdline.dialogs.outbox.messages import NewMessage
from holdline.dialogs.outbox.retry_notes import RetryNotes
from tests.syntax import nodes_of

ROOT = Path(__file__).parents[2]
DECLARED = ROOT / "holdline/dialogs/outbox"
NO_KINDS = {("transitions.py", "rating_form"), ("ratings.py", "rating_form")}
"""A field of a line in the history, which programs read."""


def declared_classes() -> set[str]:
    files = [DECLARED / f"{name}.py" for name in ("messages", "marketing", "privacy", "changes")]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}


def test_every_kind_is_declared_once_and_has_its_own_name() -> None:
    kinds: tuple[type[Item], ...] = (*get_args(NewMessage), *get_args(Change))
    assert {kind.__name__ for kind in kinds} == declared_classes()
    assert len(KINDS) == len(kinds)


def test_only_what_changes_something_may_be_dropped() -> None:
    assert all(kind.traits.worth is Worth.CHANGE for kind in get_args(Change))
    assert all(kind.traits.worth is not Worth.CHANGE for kind in get_args(NewMessage))


def test_every_kind_is_rendered_in_one_place() -> None:
    """mypy proves that a kind without a case is an error; here, that none has two."""
    cases = [
        node.cls.id
        for node in ast.walk(
            ast.parse((ROOT / "holdline/screens/render/__init__.py").read_text(encoding="utf-8"))
        )
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name)
    ]
    assert sorted(cases) == sorted(kind.__name__ for kind in KINDS.values())


def test_every_kind_has_a_use_case_that_creates_it() -> None:
    made = {
        node.func.id
        for path in (ROOT / "holdline/desk").rglob("*.py")
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert {kind.__name__ for kind in KINDS.values() if not kind.traits.is_retired} - made == set()
    assert {kind.__name__ for kind in KINDS.values() if kind.traits.is_retired} & made == set()


def test_no_other_place_spells_a_kind() -> None:
    """Names of one word stand for other things too; the others are only spelled where the kind is declared."""
    spelled = {name for name in KINDS if "_" in name}
    found = {
        (path.name, text)
        for room in ("dialogs", "store", "desk", "screens", "scheduler", "bot", "web")
        for path in (ROOT / "holdline" / room).rglob("*.py")
        if path.parent != DECLARED
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(text := node.value, str)
        if text in spelled or any(f"'{name}'" in text for name in spelled)
    }
    assert found - NO_KINDS == set()


def test_no_query_spells_a_kind() -> None:
    pattern = re.compile(rf"\b(?<!m\.)(?<!h\.)kind (?:=|<>|IN) \(?'({'|'.join(KINDS)})'")
    queries = (ROOT / "holdline/store").rglob("*.py")
    assert [path.name for path in queries if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_no_kind_has_a_field_that_delivery_notes_use() -> None:
    """Both stand in one payload."""
    notes = {each.name for each in fields(RetryNotes)}
    assert [(kind, notes & {each.name for each in fields(kind)}) for kind in KINDS.values()] == [
        (kind, set()) for kind in KINDS.values()
    ]
