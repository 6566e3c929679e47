"""Every kind of outbox item is declared once, and no other place spells its name."""

import ast
from pathlib import Path
from typing import get_args

from holdline.dialogs.outbox.changes import Change
from holdline.dialogs.outbox.item import Item, Worth
from holdline.dialogs.outbox.kinds import KINDS
from holdline.dialogs.outbox.messages import NewMessage
from holdline.screens import render

ROOT = Path(__file__).parents[2]
DECLARED = ROOT / "holdline/dialogs/outbox"


def declared_classes() -> set[str]:
    trees = [
        ast.parse((DECLARED / f"{name}.py").read_text(encoding="utf-8")) for name in ("messages", "changes")
    ]
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}


def test_every_kind_is_declared_once_and_has_its_own_name() -> None:
    kinds: tuple[type[Item], ...] = (*get_args(NewMessage), *get_args(Change))
    assert {kind.__name__ for kind in kinds} == declared_classes()
    assert len(KINDS) == len(kinds)


def test_only_what_changes_something_may_be_dropped() -> None:
    assert all(kind.traits.worth is Worth.CHANGE for kind in get_args(Change))
    assert all(kind.traits.worth is not Worth.CHANGE for kind in get_args(NewMessage))


def test_every_kind_can_be_said() -> None:
    assert render.kinds() == KINDS.keys()


def test_no_sql_spells_a_kind() -> None:
    spelled = {f"'{name}'" for name in KINDS if "_" in name}
    queries = list((ROOT / "holdline/store").rglob("*.py"))
    assert [
        path.name for path in queries if any(name in path.read_text(encoding="utf-8") for name in spelled)
    ] == []
