"""Permissions are named in two modules; all other code names the act."""

import ast
from pathlib import Path

from holdline.dialogs.manager import PERMISSIONS
from holdline.dialogs.verbs import CustomerVerb, DeskVerb, DialogVerb
from holdline.screens.console.commands import COMMANDS
from holdline.screens.forms.settings import PAGES
from holdline.web.app import api_routes
from holdline.web.routes import PREFIX
from tests.rights import api_calls, telegram_acts
from tests.rights.table import print_page, table
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


def test_every_act_has_a_row_in_the_table_of_rights() -> None:
    """A new one gets a row in tests/rights/table.toml, and its input in telegram_acts.py or api_calls.py beside it."""
    rows, verbs = table(), {verb.value for verbs in (CustomerVerb, DialogVerb, DeskVerb) for verb in verbs}
    routes = {
        (method, route.path.removeprefix(PREFIX)): route.openapi_extra
        for route in api_routes()
        for method in route.methods
    }
    assert set(rows["commands"]) == set(COMMANDS) == set(telegram_acts.COMMANDS)
    assert set(rows["buttons"]) == verbs == set(telegram_acts.BUTTON_OF)
    assert set(rows["settings"]) == set(PAGES)
    assert set(rows["words"]) == set(telegram_acts.WRITTEN)
    assert set(rows["keys"]) == {" ".join(route) for route in routes}
    assert set(rows["acts"]) == {" ".join(route) for route in api_calls.CALLS}
    acting = {" ".join(route) for route in routes if rows["keys"][" ".join(route)] == "desk"}
    assert acting <= set(rows["acts"]), "these name who acts"


def test_the_page_about_rights_is_printed_from_the_table() -> None:
    printed = (ROOT / "docs" / "rights.md").read_text(encoding="utf-8")
    assert printed == print_page(), "python -m tests.rights.table > docs/rights.md"
