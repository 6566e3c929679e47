"""`holdline doctor`: checks every invariant on the database and shows the ids of violating rows."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from holdline.app.configuration import Configuration, load_configuration
from holdline.app.open_store import log_quietly, open_store
from holdline.desk.restores.hold import current_hold
from holdline.desk.restores.summary import describe_hold
from holdline.dialogs.restores.hold import Hold
from holdline.store.invariants import INVARIANTS, Violation, find_violations


def run_doctor(config: Path | None, *, as_json: bool) -> int:
    """Returns 1 if an invariant is violated."""
    violations, hold = asyncio.run(_examine(load_configuration(config)))
    code = show_violations(violations)
    if hold is not None:
        typer.echo(describe_hold(hold))
    if as_json:
        typer.echo(json.dumps(as_object(violations)))
    return code


def show_violations(violations: list[Violation]) -> int:
    """Prints the violated invariants with their rows; returns the exit code."""
    for rule in violations:
        typer.echo(f"BROKEN {rule.name}: {rule.says}.")
        for row in rule.rows:
            typer.echo("  " + json.dumps(_plain(row)))
        typer.echo(f"  What helps: {rule.remedy}.")
    typer.echo(f"{len(INVARIANTS) - len(violations)} of {len(INVARIANTS)} invariants hold.")
    return 1 if violations else 0


def as_object(violations: list[Violation]) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "ok": not violations,
        "broken": [
            {"invariant": rule.name, "rows": [_plain(row) for row in rule.rows]} for rule in violations
        ],
    }


async def _examine(configuration: Configuration) -> tuple[list[Violation], Hold | None]:
    log_quietly(configuration)
    async with open_store(configuration) as store:
        return await store.read(find_violations), await store.read(current_hold)


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
