"""`make rows`: which behaviours have a test marked with their id, and which have none."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent


def owed() -> dict[str, str]:
    """Every id with its title, in the order of the file."""
    letters = tomllib.loads((TESTS / "rows.toml").read_text(encoding="utf-8"))
    return {f"{letter}-{number}": title for letter, rows in letters.items() for number, title in rows.items()}


def marked(folder: Path = TESTS) -> dict[str, list[str]]:
    """The ids that tests carry, each with the tests that carry it."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        for name, row in _marks(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(row, []).append(f"{path.relative_to(folder)}::{name}")
    return found


def report(rows: dict[str, str], tests: dict[str, list[str]]) -> list[str]:
    """The lines that a person reads."""
    lines, missing = [], [row for row in rows if row not in tests]
    for letter in dict.fromkeys(row[0] for row in rows):
        of_letter = [row for row in rows if row[0] == letter]
        lines.append(f"{letter} {sum(row in tests for row in of_letter)}/{len(of_letter)}")
    lines += ["", *(f"{row}  {rows[row]}" for row in missing)] if missing else []
    return lines + [f"{row}  is no row of rows.toml: {tests[row][0]}" for row in tests if row not in rows]


def _marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(where, id): marks on functions and classes, in `pytestmark`, in `pytest.param(…, marks=…)`."""
    for statement in tree.body:
        where = getattr(statement, "name", "module")
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and _is_row(node.func):
                yield from ((where, str(arg.value)) for arg in node.args if isinstance(arg, ast.Constant))


def _is_row(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr == "row" and _is_mark(called.value)


def _is_mark(value: ast.expr) -> bool:
    return (isinstance(value, ast.Attribute) and value.attr == "mark") or (
        isinstance(value, ast.Name) and value.id == "mark"
    )


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(owed(), marked())) + "\n")
