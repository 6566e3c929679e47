"""Lengths are counted as Telegram counts in one module; no other code compares characters with a limit."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.syntax import nodes_of

ROOT = Path(__file__).parents[2] / "holdline"
COUNTS = ROOT / "dialogs" / "text" / "limits.py"
NUMBERS = frozenset({4096, 1024, 4000, 256, 200, 128, 64})
"""Limits of the Bot API; as numbers they stand in limits.py alone."""


TEXTS = frozenset({"text", "caption", "title", "name", "words", "line", "toast", "cleaned", "written"})


def files() -> list[Path]:
    """Everything but the pretend Telegram, which counts by itself, and modules that count bytes of HTTP."""
    apart = {ROOT / "web" / name for name in ("auth.py", "guard.py", "webhook_endpoint.py")}
    return [
        path
        for path in sorted(ROOT.rglob("*.py"))
        if "sandbox" not in path.parts and path != COUNTS and path not in apart
    ]


def is_length(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def is_limit(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in NUMBERS
    name = name_of(node)
    return name.endswith("LIMIT") or name == "HEADER_ROOM"


def name_of(node: ast.AST | None) -> str:
    return str(getattr(node, "id", "") or getattr(node, "attr", ""))


def is_text(node: ast.AST) -> bool:
    """Lists have limits and slices, too: only what is called a text counts."""
    return name_of(node) in TEXTS


def compares_a_length(node: ast.AST) -> bool:
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    if not any(map(is_length, sides)):
        return False
    texts = [side for side in sides if isinstance(side, ast.Call) and any(map(is_text, ast.walk(side)))]
    return any(map(is_limit, sides)) or (bool(texts) and any(name_of(side) == "limit" for side in sides))


def cuts_a_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Slice)
        and is_text(node.value)
        and (is_limit(node.slice.upper) or name_of(node.slice.upper) == "limit")
    )


def counted(path: Path) -> Iterator[str]:
    for node in nodes_of(path):
        if compares_a_length(node) or cuts_a_text(node):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_text_lengths_are_counted_in_one_module() -> None:
    found = [line for path in files() for line in counted(path)]
    assert found == []


def test_telegrams_limits_are_defined_in_one_module() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files()
        for node in nodes_of(path)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value == 4096
    ]
    assert found == []
