"""The small changes that a tool can make to one function: each turns one operator, condition, value or step."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}
_LEFT_ALONE = {"annotation", "returns", "decorator_list", "args", "type_params", "pattern"}
"""Types and names say nothing while the code runs, and what a definition computes once is no part of its code."""

Turn = tuple[int, str, ast.AST, str, int | None, ast.AST]
"""Line, description, and where the new node belongs: its parent, the parent's field, and its place in a list."""


@dataclass(frozen=True, slots=True)
class Change:
    """The `number`-th change of a function."""

    path: str
    function: str
    line: int
    number: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.function}: {self.says}"

    def compiled(self, root: Path) -> CodeType:
        """The code of the changed function."""
        file = root / self.path
        tree = ast.parse(file.read_text(encoding="utf-8"))
        _, _, parent, field, place, new = list(_turns(dict(_functions(tree))[self.function]))[self.number]
        if place is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[place] = new
        return code_named(compile(ast.fix_missing_locations(tree), str(file), "exec"), self.function)


def list_changes(root: Path, path: Path) -> list[Change]:
    """All changes that can be made in a file, function after function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    where = path.relative_to(root).as_posix()
    return [
        Change(where, name, line, number, says)
        for name, function in _functions(tree)
        for number, (line, says, *_) in enumerate(_turns(function))
    ]


def code_named(code: CodeType, name: str) -> CodeType:
    """The code of a function by its qualified name, among the constants of its module and classes."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    for found in inner:
        if found.co_qualname == name:
            return found
        if name.startswith(f"{found.co_qualname}."):
            return code_named(found, name)
    raise LookupError(name)


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Functions and methods with their qualified names. What is defined within a function belongs to it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _turns(parent: ast.AST) -> Iterator[Turn]:
    for field, value in ast.iter_fields(parent):
        if field in _LEFT_ALONE:
            continue
        nodes = enumerate(value) if isinstance(value, list) else [(None, value)]
        for place, node in nodes:
            if not isinstance(node, ast.AST) or _is_docstring(node):
                continue
            line = getattr(node, "lineno", getattr(parent, "lineno", 0))
            for says, new in _versions(node, parent, field):
                yield line, says, parent, field, place, new
            yield from _turns(node)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _versions(node: ast.AST, parent: ast.AST, field: str) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in the place of a node instead."""
    if (other := _OPERATORS.get(type(node))) is not None:
        yield f"{_brief(parent)}: {type(node).__name__} becomes {other.__name__}", other()
    match node:
        case ast.Constant(value=bool(value)):
            yield f"{value} becomes {not value}", ast.Constant(not value)
        case ast.Constant(value=int(value)) if not isinstance(parent, ast.FormattedValue):
            yield f"{value} becomes {value + 1}", ast.Constant(value + 1)
        case ast.Constant(value=str(value)):
            yield f"{value[:30]!r} becomes another text", ast.Constant(f"XX{value}XX")
        case ast.UnaryOp(op=ast.Not()):
            yield f"{_brief(node)}: without not", node.operand
        case ast.Return(value=ast.AST() as value) if not _is_none(value):
            yield f"returns None instead of {_brief(value)}", ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Await()) if "super()" not in _brief(node):
            yield f"without {_brief(node)}", ast.Pass()
        case ast.Raise():
            yield f"without {_brief(node)}", ast.Pass()
    if field == "test" and not isinstance(node, ast.Compare | ast.BoolOp) and not _is_not(node):
        yield f"if not {_brief(node)}", ast.UnaryOp(ast.Not(), node)


def _is_not(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _brief(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:60]
