"""The product's own syntax, read once a process however many tests look at it."""

import ast
import gc
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """As `ast.walk` finds them."""
    found = tuple(ast.walk(tree_of(path)))
    gc.freeze()  # they stay to the end, a million of them
    return found
