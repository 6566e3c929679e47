"""Each room keeps to its verb: who may wait, who may speak SQL, who may know aiogram."""

import ast
import re
from pathlib import Path

import pytest

from tests.syntax import nodes_of

ROOT = Path(__file__).parents[2] / "holdline"
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b", re.DOTALL
)
ENGINE = {"engine.py", "sqlite.py", "hosted_connection.py", "postgres.py", "bells.py"}  # the store's own edge
OUTSIDE = {"echo_bot.py", "memory_bot.py"}  # yardsticks: bare bots without our store, on purpose
WAITERS = {"bot", "scheduler", "web", "app", "lab", "sandbox"}


def of_rooms(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The top names a file imports, wherever in it."""
    names: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def every_room() -> set[str]:
    return {path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "__pycache__"}


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT.parent))


def test_only_bot_and_app_know_aiogram() -> None:
    others = of_rooms(*(every_room() - {"bot", "app"}))
    assert [shown(path) for path in others if "aiogram" in imported(path) and path.name not in OUTSIDE] == []


@pytest.mark.parametrize("driver", ["sqlite3", "aiosqlite", "psycopg", "psycopg_pool"])
def test_only_the_store_knows_a_driver(driver: str) -> None:
    others = of_rooms(*(every_room() - {"store"}))
    assert [shown(path) for path in others if driver in imported(path) and path.name not in OUTSIDE] == []


def test_only_the_store_speaks_sql() -> None:
    spoken = [
        f"{shown(path)}:{node.lineno}"
        for path in of_rooms(*(every_room() - {"store"}))
        if path.name not in OUTSIDE
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ]
    assert spoken == []


def test_only_the_edges_wait() -> None:
    inner = [path for path in of_rooms(*(every_room() - WAITERS)) if path.name not in ENGINE]
    waiting = [
        f"{shown(path)}:{node.lineno}"
        for path in inner
        for node in nodes_of(path)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    assert waiting == []


def test_formatting_travels_as_entities_never_as_markup() -> None:
    marked = [
        f"{shown(path)}:{node.lineno}"
        for path in of_rooms(*(every_room() - {"sandbox"}))
        for node in nodes_of(path)
        if (isinstance(node, ast.keyword) and node.arg == "parse_mode")
        or (isinstance(node, ast.Constant) and node.value == "parse_mode")
    ]
    assert marked == []


def test_every_package_states_its_verb() -> None:
    for room in every_room():
        text = (ROOT / room / "__init__.py").read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(text)), room


def test_one_module_changes_the_assignee_of_a_dialog() -> None:
    """There every change is shown on the cards and told to those concerned; elsewhere it would be forgotten."""
    importing = [
        shown(path)
        for path in of_rooms(*every_room())
        for node in nodes_of(path)
        if isinstance(node, ast.ImportFrom) and any(name.name == "dialog_people" for name in node.names)
    ]
    assert importing == ["holdline/desk/people/participants.py"]
    setting = [
        f"{shown(path)}:{node.lineno}"
        for path in of_rooms(*every_room())
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "set_fields"
        and any(keyword.arg == "assignee_id" for keyword in node.keywords)
    ]
    assert setting == []


def test_the_staff_group_is_looked_up_in_one_module() -> None:
    """A group gets a new id; whoever reads the configured one by himself works with a group that is gone."""
    allowed = {
        "desk/notices/places.py",
        "desk/delivery/group_migration.py",  # compares the two
        "app/check/startup.py",
        "app/check/telegram.py",
        "app/check/command.py",  # where there is no desk yet
        "app/settings.py",
    }
    readers = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute)
        and node.attr == "staff_group"
        and ast.unparse(node.value).rpartition(".")[2] in {"rules", "telegram"}
    }
    assert readers == allowed
