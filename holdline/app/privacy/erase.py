"""`holdline erase`: says what happens, asks, waits until it has happened, and proves it."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import Configuration, load_configuration
from holdline.app.open_store import log_quietly, open_store
from holdline.app.privacy.named import find_named_person
from holdline.app.privacy.progress import progress_bar
from holdline.app.privacy.proof import Proof, Traces, prove_erased
from holdline.desk.privacy.asking import ask_to_erase
from holdline.desk.privacy.figures import figures_after, figures_before, is_left_in_flight
from holdline.dialogs.event import Actor
from holdline.dialogs.refusal import DeskError
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.store.engine import Store
from holdline.store.engines.instance_lock import instance_lock
from holdline.store.privacy import erasures
from holdline.store.privacy.erasures import Erasure
from holdline.store.privacy.person import PersonIds
from holdline.store.privacy.traces import read_traces

COMMAND_LINE = Actor(kind="system", name="command line")
STEPS = ("asked", "listed", "copies", "values", "search", "scrub")
_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class EraseOrder:
    """What the command line says. `also_in`: files and folders that the proof searches as well."""

    customer: str
    yes: bool = False
    dry_run: bool = False
    prove: bool = False
    keep_copies: bool = False
    also_in: tuple[Path, ...] = ()


def run_erase(config: Path | None, order: EraseOrder) -> int:
    """Returns 1 if the proof finds something."""
    if order.yes and order.dry_run:
        raise CommandFailed("name --yes or --dry-run, not both. Nothing was erased.")
    if order.also_in and not order.prove:
        raise CommandFailed("--also-in goes with --prove. Nothing was erased.")
    for path in order.also_in:
        if not path.exists():
            raise CommandFailed(f"--also-in: there is no {path}. Nothing was erased.")
    configuration = load_configuration(config)
    return asyncio.run(_erase(configuration, order))


async def _erase(configuration: Configuration, order: EraseOrder) -> int:
    log_quietly(configuration)
    async with open_store(configuration) as store:
        person = await _person_of(store, order.customer)
        for line in await store.read_heavy(figures_before, person=person):
            typer.echo(line)
        if order.dry_run:
            return 0
        _confirm(person, yes=order.yes)
        traces = await store.read_heavy(read_traces, person) if order.prove else None
        erasure = await _drive(configuration, store, person, order)
        for line in await store.read(figures_after, erasure_id=erasure.id):
            typer.echo(line)
        if traces is None:
            return 0
        proof = await prove_erased(configuration, store, Traces.of(traces), order.also_in)
    return _show(proof)


async def _person_of(store: Store, named: str) -> PersonIds:
    """Finds also a person whose erasure was interrupted, by our id."""
    person = await find_named_person(store, named)
    running = await store.read(erasures.last_of, person.customer_id)
    if running is None or person.telegram_id > 0:
        return person
    if running.ended_at is not None and not running.kept_values:
        raise CommandFailed(f"customer {person.customer_id} was erased on {running.ended_at:%Y-%m-%d}.", 1)
    return running.person if running.kept_values else person


def _confirm(person: PersonIds, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandFailed("add --yes, because nobody can be asked here.")
    if not typer.confirm(f"Erase customer {person.customer_id}? This cannot be undone"):
        raise CommandFailed("nothing was erased.", 1)


async def _drive(configuration: Configuration, store: Store, person: PersonIds, order: EraseOrder) -> Erasure:
    """A running desk erases by itself, and this command only waits; otherwise this command does it."""
    lock = instance_lock(store, "sender")
    is_ours = await asyncio.to_thread(lock.take)
    try:
        if is_ours and not order.keep_copies:
            raise CommandFailed(
                "the desk is not running, so nothing can be deleted at Telegram: start it, or add --keep-copies."
            )
        erasure = await _ask(store, person, order)
        path = store.base / configuration.settings.privacy.erasure_list
        eraser = Eraser(store, ErasureList(path, store.bot_id)) if is_ours else None
        with progress_bar("Erasing", length=len(STEPS)) as bar:
            return await _follow(store, erasure, eraser, lambda done: bar.update(done - bar.pos))
    finally:
        if is_ours:
            await asyncio.to_thread(lock.drop)


async def _ask(store: Store, person: PersonIds, order: EraseOrder) -> Erasure:
    try:
        return await store.act(
            ask_to_erase,
            actor=COMMAND_LINE,
            customer_id=person.customer_id,
            keeps_copies=order.keep_copies,
        )
    except DeskError as refused:
        raise CommandFailed(refused.sentence(), 1) from refused


async def _follow(
    store: Store, erasure: Erasure, eraser: Eraser | None, show_progress: Callable[[int], None]
) -> Erasure:
    def show_step(now: Erasure) -> None:
        show_progress(STEPS.index(now.state) if now.state in STEPS else len(STEPS))

    while True:
        if eraser is not None:
            await eraser.drive(erasure.id, show_step)
        now = await store.read(erasures.by_id, erasure.id)
        assert now is not None
        show_step(now)
        if now.ended_at is not None:
            return now
        if eraser is not None and await store.read(is_left_in_flight, erasure_id=erasure.id):
            raise CommandFailed(
                "a call about this customer was in flight when the desk was killed. Start the desk: it settles the "
                "call and goes on with the erasure by itself.",
                1,
            )
        await asyncio.sleep(_POLL_SECONDS)


def _show(proof: Proof) -> int:
    for line in proof.lines():
        typer.echo(line)
    return 1 if proof.found else 0
