"""`holdline broadcast`: what the command line calls."""

import asyncio
import json
from pathlib import Path
from typing import Any

import typer

from holdline.app.broadcasts.files import read_broadcast_file
from holdline.app.broadcasts.progress import follow, progress_line
from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import Configuration, load_configuration
from holdline.app.open_store import log_quietly, open_store
from holdline.desk.broadcasts import audience_size, creating, moves
from holdline.desk.broadcasts.reading import BroadcastProgress, progress_of
from holdline.dialogs.broadcasts.broadcast import BroadcastAuthor, BroadcastVerb
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.store.engine import Store
from holdline.web.schemas.marketing.broadcast_progress import BroadcastOut
from holdline.web.schemas.marketing.broadcasts import BroadcastIn

_MOVES = {
    BroadcastVerb.PAUSE: moves.pause_broadcast,
    BroadcastVerb.RESUME: moves.resume_broadcast,
    BroadcastVerb.CANCEL: moves.cancel_broadcast,
}


def run_broadcast(
    config: Path | None, file: Path, *, dry_run: bool, test_to: int | None, as_json: bool
) -> int:
    """Returns 0 when the broadcast is done, or was created with `as_json`; 1 if it was cancelled."""
    configuration = load_configuration(config)
    log_quietly(configuration)
    options: dict[str, Any] = {"dry_run": True} if dry_run else {}
    options |= {"test_to": test_to} if test_to is not None else {}
    body = read_broadcast_file(file, configuration.settings.desk.language, **options)
    return asyncio.run(_send(configuration, body, as_json=as_json))


def run_move(config: Path | None, broadcast_id: int, verb: str | None, *, as_json: bool) -> int:
    """Does what `verb` says with the broadcast, or shows its progress if there is no verb."""
    configuration = load_configuration(config)
    log_quietly(configuration)
    asked = BroadcastVerb(verb) if verb else None
    return asyncio.run(_move(configuration, broadcast_id, asked, as_json=as_json))


async def _send(configuration: Configuration, body: BroadcastIn, *, as_json: bool) -> int:
    async with open_store(configuration) as store:
        try:
            if body.test_to is not None:
                await store.act(creating.send_test, order=body.order, telegram_id=body.test_to)
                _print(
                    {"recipients": 1}, f"A test goes to {body.test_to}; nobody else gets it.", as_json=as_json
                )
                return 0
            expected = await store.read_heavy(audience_size.count_audience, audience=body.order.audience)
            if body.dry_run:
                await store.read(creating.refuse_unsendable_broadcast, order=body.order)
                _print(
                    {"recipients": expected}, f"{expected} would get it; nothing was sent.", as_json=as_json
                )
                return 0
            made = await store.act(
                creating.create_broadcast, order=body.order, author=BroadcastAuthor(), expected=expected
            )
        except DeskError as refused:
            raise CommandFailed(refused.sentence(configuration.settings.desk.language)) from refused
        return await _follow(store, made, as_json=as_json)


async def _follow(store: Store, made: BroadcastProgress, *, as_json: bool) -> int:
    """Shows the progress. Ctrl-C ends the display, not the broadcast."""
    broadcast_id, last = made.broadcast.id, made
    typer.echo(f"Broadcast {broadcast_id} to {made.figures.recipients}, through the gate.", err=as_json)
    if not as_json:
        try:
            last = await follow(store, broadcast_id)
        except asyncio.CancelledError:
            way = f"holdline broadcast {broadcast_id} --move pause"
            typer.echo(f"\nBroadcast {broadcast_id} goes on. To stop it: {way}", err=True)
            return 0
    _print_progress(last, as_json=as_json)
    return 1 if last.broadcast.status == "cancelled" else 0


async def _move(
    configuration: Configuration, broadcast_id: int, verb: BroadcastVerb | None, *, as_json: bool
) -> int:
    async with open_store(configuration) as store:
        try:
            if verb is None:
                progress = await store.read(progress_of, broadcast_id=broadcast_id)
                if not as_json:
                    return await _follow(store, progress, as_json=as_json)
            else:
                progress = await store.act(_MOVES[verb], broadcast_id=broadcast_id)
        except NotFound as missing:
            raise CommandFailed(
                f"there is no broadcast {broadcast_id}; /broadcast in Telegram lists them, and "
                "`holdline broadcast FILE` sends a new one."
            ) from missing
        except DeskError as refused:
            raise CommandFailed(refused.sentence(configuration.settings.desk.language)) from refused
    _print_progress(progress, as_json=as_json)
    return 0


def _print_progress(progress: BroadcastProgress, *, as_json: bool) -> None:
    _print(BroadcastOut.of(progress).model_dump(mode="json"), progress_line(progress), as_json=as_json)


def _print(figures: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(figures) if as_json else sentence)
