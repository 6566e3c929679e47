"""Rights are asked in one place: a permission is named in two modules, everybody else names the act."""

import ast
from pathlib import Path

from holdline.dialogs.manager import PERMISSIONS
from tests.syntax import nodes_of

ROOT = Path(__file__).parents[2]
NAMED_IN = {"holdline/dialogs/manager.py", "holdline/dialogs/rights.py"}
"""What there is, and what each act takes."""


def test_only_the_module_of_rights_names_permissions() -> None:
    named = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "holdline").rglob("*.py"))
        if str(path.relative_to(ROOT)) not in NAMED_IN
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and node.value in PERMISSIONS
    }
    assert named == set(), "ask for an Act of dialogs/rights.py"
