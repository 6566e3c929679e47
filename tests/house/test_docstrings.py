"""Names in docstrings and comments exist in the code, also after a rename."""

import ast
import builtins
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from tests.syntax import nodes_of

ROOT = Path(__file__).parents[2]
PRODUCT = sorted((ROOT / "holdline").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OUTSIDE = frozenset(
    {
        "ChatMember",
        "GroupAnonymousBot",
        "InputMedia",
        "LinkManager",
        "MarkdownV2",
        "MessageId",
        "OperationalErrors",
    }
)
"""Telegram's words and those of libraries."""
COLUMNS = frozenset({"retry_at", "written_at"})
ANSWERS = frozenset({"callback_answer", "drop_after_commit", "too_long"})
"""Words of the sandbox's control and of refusals, which stand in data."""


@cache
def names() -> frozenset[str]:
    """Whatever the code, its tests or Python itself calls something."""
    known = set(dir(builtins)) | {path.stem for path in PRODUCT}
    for path in (*PRODUCT, *TESTS):
        for node in nodes_of(path):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    known.add(name)
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    known.add(name)
                case ast.keyword(arg=str(name)):
                    known.add(name)
                case ast.alias(name=name, asname=alias):
                    known.update(name.split("."), [alias] if alias else [])
    return frozenset(known)


@cache
def remarks(path: Path) -> tuple[str, ...]:
    """Its docstrings and comments."""
    text = path.read_text(encoding="utf-8")
    docstrings = (
        node.value.value
        for node in nodes_of(path)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )
    comments = (
        token.string
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    )
    return (*(said for said in docstrings if isinstance(said, str)), *comments)


@pytest.mark.parametrize(
    ("pattern", "others"),
    [
        (r"\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\b", OUTSIDE),
        (r"`([A-Za-z]+_\w*)`", COLUMNS | ANSWERS),
    ],
    ids=["types", "names"],
)
def test_every_name_in_a_docstring_or_comment_exists(pattern: str, others: frozenset[str]) -> None:
    known = names() | others
    unknown = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in PRODUCT
        for text in remarks(path)
        for name in re.findall(pattern, text)
        if name not in known
    ]
    assert unknown == []
