"""Mutants apply to the present code, and name existing tests."""

import ast

import pytest

from tests.mutants.mutant import ROOT, Mutant, load_mutants
from tests.mutants.sample.changes import code_named, list_changes
from tests.syntax import nodes_of

MUTANTS = load_mutants()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_applies_and_its_tests_exist(mutant: Mutant) -> None:
    for path, text in mutant.mutated(ROOT).items():
        assert text != path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            ast.parse(text)
    for test in mutant.tests:
        path, _, name = test.partition("::")
        functions = {
            node.name
            for node in nodes_of(ROOT / path)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name.partition("[")[0] in functions, test


def test_the_tool_changes_one_function_at_a_time() -> None:
    path = ROOT / "holdline/dialogs/gate.py"
    changes = list_changes(ROOT, path)
    sound = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    assert {change.function for change in changes} == {"is_marketing", "passage", "stream_of"}
    codes = [change.compiled(ROOT) for change in changes]
    assert len(set(codes)) == len(codes) and not {code_named(sound, "passage")}.intersection(codes)
