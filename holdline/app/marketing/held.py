"""`holdline held`: the customers for whom marketing waits behind a dialog, longest wait first."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from holdline.app.configuration import load_configuration
from holdline.app.open_store import log_quietly, open_store
from holdline.dialogs.text.times import to_rfc3339
from holdline.store.clock import Clock
from holdline.store.marketing.held import CustomerHeld, list_customers
from holdline.store.tx import Tx

_MOST = 1000


def run_held(config: Path | None, *, as_json: bool) -> int:
    """One line each; `--json` prints one object on the last line."""
    found, now = asyncio.run(_find(config)), Clock().now()
    if as_json:
        typer.echo(json.dumps({"customers": [_as_object(one, now) for one in found]}))
        return 0
    for one in found:
        typer.echo(_line(one, now))
    if not found:
        typer.echo("Nothing waits: no dialog holds marketing back.")
    return 0


async def _find(config: Path | None) -> list[CustomerHeld]:
    configuration = load_configuration(config)
    log_quietly(configuration)
    async with open_store(configuration) as store:
        return await store.read(_list)


def _list(tx: Tx) -> list[CustomerHeld]:
    return list_customers(tx, limit=_MOST)


def _line(one: CustomerHeld, now: datetime) -> str:
    """How long marketing waits, how many messages, for which customer, behind which dialog."""
    hours, minutes = divmod(int((now - one.since).total_seconds()) // 60, 60)
    span = f"{hours // 24} d {hours % 24} h" if hours >= 24 else f"{hours} h {minutes} min"
    owner = one.assignee or "nobody"
    return f"{span:>10}  {one.held:>3} held  {one.name} ({one.telegram_id})  #{one.dialog_id} {one.title}, {owner}"


def _as_object(one: CustomerHeld, now: datetime) -> dict[str, Any]:
    return {
        "customer": {"id": one.customer_id, "telegram_id": one.telegram_id, "name": one.name},
        "dialog": {"id": one.dialog_id, "title": one.title, "assignee": one.assignee},
        "held": one.held,
        "since": to_rfc3339(one.since),
        "seconds": int((now - one.since).total_seconds()),
    }
