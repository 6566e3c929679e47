"""No file over 300 lines, no function over 40, no call with more than six arguments."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.syntax import nodes_of

ROOT = Path(__file__).parents[2]
CODE = sorted([*(ROOT / "holdline").rglob("*.py"), *(ROOT / "tools").rglob("*.py")])
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SIGNED_BY_OTHERS = {"settings_customise_sources"}  # pydantic-settings calls it with these five
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "service",
    "services",
    "misc",
    "process_data",
    "manager_service",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    for node in nodes_of(path):
        if isinstance(node, Function):
            yield node


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_300_lines() -> None:
    sizes = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*CODE, *TESTS]}
    assert {path: size for path, size in sizes.items() if size > 300} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = {
        f"{shown(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in CODE
        for node in functions(path)
        if node.end_lineno is not None and node.end_lineno - node.lineno >= 40
    }
    assert long == {}


def test_a_function_takes_six_arguments_at_most() -> None:
    greedy = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in CODE
        for node in functions(path)
        if node.name not in SIGNED_BY_OTHERS and _taken(node) > 6
    ]
    assert greedy == []


def test_no_file_has_a_meaningless_name() -> None:
    assert [shown(path) for path in [*CODE, *TESTS] if path.stem in VAGUE] == []


def _taken(node: Function) -> int:
    """Without the object itself and the transaction, which every query takes."""
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls", "tx")])
