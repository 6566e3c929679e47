"""Automation rules."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.automation import rules as desk
from holdline.desk.automation.dry_run import try_rule as dry_run
from holdline.desk.automation.habits import change_habits, habits_of
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.automation.desk_rules import (
    DryRunOut,
    RuleChangesIn,
    RuleIn,
    RuleOut,
    RulesOut,
    RuleTryIn,
)
from holdline.web.schemas.automation.habits import HabitsIn, HabitsOut
from holdline.web.schemas.lists import DeletedOut


def desk_rules_router() -> APIRouter:
    """An admin key acts as the desk's owner."""
    router = api_router("rules")

    @reads(router, "/rules", shows=RulesOut, scopes=("admin", "read"))
    async def list_rules(call: Read, page: Rising) -> Response:
        """Lists the rules of the desk, oldest first. They run in the order of `position`."""
        return await call.show(lambda rules: RulesOut.of(page, rules), desk.rule_page)

    @writes(router, "POST", "/rules", shows=RuleOut, scope="admin", status=201)
    async def add_rule(call: Write, body: RuleIn) -> Response:
        """Adds a rule, which acts from now on under its own name. With `active` false it waits to be switched on."""
        words: dict[str, Any] = {"manager": None, "rule": body.rule}
        return await call.show(RuleOut.of, desk.add_rule, status=201, **words)

    @writes(router, "POST", "/rules/try", shows=DryRunOut, scope="admin")
    async def try_rule(call: Write, body: RuleTryIn) -> Response:
        """Shows for which of the last 100 events the rule would have acted. Nothing is stored or done."""
        return await call.show(DryRunOut.of, dry_run, rule=body.rule)

    @writes(router, "PATCH", "/rules/{rule_id:int}", shows=RuleOut, scope="admin")
    async def change_rule(call: Write, rule_id: PathId, body: RuleChangesIn) -> Response:
        """Changes a rule. `active` switches it on and off."""
        words: dict[str, Any] = {"manager": None, "rule_id": rule_id, "changes": body.changes}
        return await call.show(RuleOut.of, desk.change_rule, **words)

    @writes(router, "DELETE", "/rules/{rule_id:int}", shows=DeletedOut, scope="admin")
    async def delete_rule(call: Write, rule_id: PathId) -> Response:
        """Deletes a rule. History keeps its name."""
        words: dict[str, Any] = {"manager": None, "rule_id": rule_id}
        return await call.show(lambda _: DeletedOut(id=rule_id), desk.delete_rule, **words)

    _add_habits(router)
    return router


def _add_habits(router: APIRouter) -> None:
    @reads(router, "/habits", shows=HabitsOut, scopes=("admin", "read"))
    async def show_habits(call: Read) -> Response:
        """Shows what happens automatically in every dialog. Everything is off by default."""
        return await call.show(HabitsOut.of, habits_of)

    @writes(router, "PATCH", "/habits", shows=HabitsOut, scope="admin")
    async def set_habits(call: Write, body: HabitsIn) -> Response:
        """Changes what happens automatically in every dialog: only the given settings."""
        words: dict[str, Any] = {"manager": None, "changes": body.changes}
        return await call.show(HabitsOut.of, change_habits, **words)
