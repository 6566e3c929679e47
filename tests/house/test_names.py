"""Plain names: verbs for acts, one module for a type, and nothing that is never called."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.syntax import nodes_of, tree_of

ROOT = Path(__file__).parents[2]
CODE = sorted((ROOT / "holdline").rglob("*.py"))
IRREGULAR = frozenset(
    {
        "known",
        "shown",
        "told",
        "said",
        "kept",
        "found",
        "met",
        "seen",
        "heard",
        "held",
        "given",
        "made",
        "left",
        "gone",
    }
    | {
        "sent",
        "written",
        "taken",
        "led",
        "built",
        "spoken",
        "drawn",
        "chosen",
        "thrown",
        "worn",
        "begun",
        "done",
        "lost",
    }
    | {
        "lost",
        "meant",
        "thought",
        "felt",
        "paid",
        "understood",
        "hidden",
        "forgotten",
        "broken",
        "driven",
        "grown",
    }
)
"""Participles that do not end in -ed."""
NO_PARTICIPLES = frozenset(
    {
        "need",
        "seed",
        "feed",
        "feedback",
        "embed",
        "string",
        "ping",
        "ring",
        "bring",
        "nothing",
        "warning",
        "greeting",
    }
    | {"rating", "ratings", "setting", "settings", "heading", "meaning", "ordering", "reading"}
)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = tuple[Path, int, str]

CALLED_BY_OTHERS = {
    "make_request",  # aiogram's session calls it
    "stream_content",  # the same
    "settings_customise_sources",  # pydantic-settings
    "capture_signals",  # uvicorn's server
    "format_commands",  # typer, for `--help`
    "says_anonymously",  # the sandbox is a product of its own: people of a group may do all that Telegram lets them
    "deletes_group",
    "holding",
    "freeze",
}
ONLY_WRAP = {
    "property",
    "cached_property",
    "cache",
    "staticmethod",
    "classmethod",
    "contextmanager",
    "asynccontextmanager",
}
"""Decorators that call nobody."""
FOR_TESTS = {
    "ManualClock",  # a clock that tests move by hand stands beside the one whose protocol it keeps
    "jump",
    "page",  # of the admin log, which only people who look into the database read so far
}


@cache
def place(path: Path, line: int, name: str) -> str:
    return f"{path.relative_to(ROOT)}:{line} {name}"


def definitions(path: Path) -> Iterator[Definition]:
    """Functions, classes, methods, and what a module names at its top."""
    for node in nodes_of(path):
        if isinstance(node, Function | ast.ClassDef):
            yield path, node.lineno, node.name
    for statement in tree_of(path).body:
        for target in getattr(statement, "targets", [getattr(statement, "target", None)]):
            if isinstance(target, ast.Name):
                yield path, statement.lineno, target.id


def begins_with_a_participle(name: str) -> bool:
    word = name.lstrip("_").partition("_")[0]
    if word in NO_PARTICIPLES:
        return False
    return word in IRREGULAR or (len(word) > 4 and word.endswith(("ed", "ing")))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path) for path in CODE}


class Uses(ast.NodeVisitor):
    """What one file uses: `pairs` of a module and a name in it, and `words` whose owner the syntax does not tell."""

    def __init__(self, path: Path) -> None:
        self.module = module_of(path)
        self.package = self.module if path.name == "__init__.py" else self.module.rpartition(".")[0]
        self.brought: dict[str, tuple[str, str]] = {}
        self.pairs: set[tuple[str, str]] = set()
        self.words: set[str] = set()
        self.visit(tree_of(path))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        levels = self.package.split(".")
        above = ".".join(levels[: len(levels) - node.level + 1]) if node.level else ""
        origin = ".".join(filter(None, (above, node.module)))
        for alias in node.names:
            self.brought[alias.asname or alias.name] = (origin, alias.name)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.pairs.add(self.brought.get(node.id, (self.module, node.id)))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = self.brought.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if owner and ".".join(owner) in MODULES:
            self.pairs.add((".".join(owner), node.attr))
        else:
            self.words.add(node.attr)
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if ast.unparse(node.targets[0]) != "__all__":
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.words.update(re.findall(r"\w+", node.value))

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring uses nothing
            self.generic_visit(node)


@cache
def uses() -> tuple[set[tuple[str, str]], set[str]]:
    """Of the whole product; what a package passes on is used in the module that it comes from."""
    files = {module_of(path): Uses(path) for path in CODE}
    pairs = set[tuple[str, str]]().union(*(file.pairs for file in files.values()))
    while more := {files[m].brought[n] for m, n in pairs if m in files and n in files[m].brought} - pairs:
        pairs |= more
    return pairs, set[str]().union(*(file.words for file in files.values()))


def test_no_function_begins_with_a_participle() -> None:
    riddles = [
        place(path, node.lineno, node.name)
        for path in CODE
        for node in _acts(path)
        if begins_with_a_participle(node.name)
    ]
    assert riddles == []


def _acts(path: Path) -> Iterator[Function]:
    """Functions of modules and methods of classes. A property is a value; a function inside another is read with it."""
    blocks = [tree_of(path), *(node for node in nodes_of(path) if isinstance(node, ast.ClassDef))]
    for block in blocks:
        for node in block.body:
            if isinstance(node, Function) and "property" not in map(ast.unparse, node.decorator_list):
                yield node


def test_a_type_name_is_defined_in_one_module() -> None:
    modules: defaultdict[str, list[str]] = defaultdict(list)
    for path in CODE:
        for statement in tree_of(path).body:
            if isinstance(statement, ast.ClassDef):
                modules[statement.name].append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in modules.items() if len(where) > 1} == {}


def test_nothing_is_defined_that_the_product_never_uses() -> None:
    pairs, words = uses()
    excused = words | CALLED_BY_OTHERS | FOR_TESTS
    idle = [
        place(path, line, name)
        for path in CODE
        for _, line, name in definitions(path)
        if (module_of(path), name) not in pairs
        and name not in excused
        and not _is_registered(path, line, name)
    ]
    assert idle == []


def test_every_function_excused_from_being_called_exists() -> None:
    defined = {name for path in CODE for _, _, name in definitions(path)}
    assert sorted((CALLED_BY_OTHERS | FOR_TESTS) - defined) == []


def _is_registered(path: Path, line: int, name: str) -> bool:
    """Called by Python, or by what its decorator gave it to: routes, commands, validators."""
    return name.startswith("__") or any(
        isinstance(node, Function)
        and node.lineno == line
        and {*map(ast.unparse, node.decorator_list)} - ONLY_WRAP
        for node in nodes_of(path)
    )


def test_a_folder_holds_25_files_at_most() -> None:
    folders = {path.parent for top in ("holdline", "tests") for path in (ROOT / top).rglob("*.py")}
    crowded = {str(folder.relative_to(ROOT)): len(list(folder.glob("*.py"))) for folder in folders}
    assert {folder: files for folder, files in crowded.items() if files > 25} == {}


def test_a_word_of_the_glossary_is_explained_once() -> None:
    rows = re.findall(
        r"^\| (\*\*.+?) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    words = Counter(word for row in rows for word in re.findall(r"\*\*(.+?)\*\*", row))
    assert len(words) > 40
    assert {word: count for word, count in words.items() if count > 1} == {}
