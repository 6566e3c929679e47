"""`holdline restore`: the file, the hold, and the decision about what is on hold."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import Configuration, load_configuration
from holdline.app.doctor import show_violations
from holdline.app.open_store import log_quietly, open_store
from holdline.app.restores.file_swap import StagedCopy, lock_out_desks, put_in_place, stage
from holdline.app.restores.watch import hold_if_copy
from holdline.desk.health.readiness import is_at_work
from holdline.desk.restores.decision import decide_on_restored
from holdline.desk.restores.hold import current_hold, hold_restored
from holdline.desk.restores.summary import describe_hold
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.restores.hold import HeldKind, Verdict
from holdline.store.clock import Clock
from holdline.store.engine import Store
from holdline.store.engines.restored_file import remove_database
from holdline.store.invariants import find_violations
from holdline.store.restores.copies import is_unseen_copy

_NO_HOLD = (
    "Nothing is on hold: everything is sent as usual. To put a backup in the place of the database, stop the desk and "
    "run `holdline restore COPY`."
)
_UNSEEN_COPY = (
    "The database is a restored copy: the next start of the desk puts on hold what waits in it, and so does "
    "`holdline restore --mark` now."
)
_ONE_OF = "name one of BACKUP, --mark, --release and --discard"


@dataclass(frozen=True, slots=True)
class RestoreOptions:
    """What the command line says; at most one of `backup`, `mark`, `release` and `discard`."""

    backup: Path | None = None
    yes: bool = False
    mark: bool = False
    release: bool = False
    discard: bool = False
    only: tuple[HeldKind, ...] = ()


def run_restore(config: Path | None, options: RestoreOptions) -> int:
    """Returns 1 if an invariant is violated in the restored database."""
    acts = [options.backup is not None, options.mark, options.release, options.discard]
    if sum(acts) > 1:
        raise CommandFailed(f"{_ONE_OF}, not several. Nothing was changed.")
    if options.only and not (options.release or options.discard):
        raise CommandFailed("--only goes with --release or --discard. Nothing was changed.")
    configuration = load_configuration(config)
    if not configuration.settings.bot_id:
        raise CommandFailed("telegram.token is empty; a restore must know whose database it is.")
    log_quietly(configuration)
    if options.backup is not None:
        return _restore_file(configuration, options.backup, yes=options.yes)
    return asyncio.run(_decide_or_show(configuration, options))


def _restore_file(configuration: Configuration, backup: Path, *, yes: bool) -> int:
    database = configuration.database_file
    if database is None:
        raise CommandFailed(
            "this restores SQLite files only. PostgreSQL: stop Holdline, restore with pg_restore and start it again;"
            " it puts a restored dump on hold by itself. After a physical backup run `holdline restore --mark` first."
        )
    with lock_out_desks(database, configuration.settings.bot_id):
        staged = stage(backup, database, configuration.settings.bot_id)
        try:
            _refuse_unless_sure(backup, database, staged, yes=yes)
        except BaseException:
            remove_database(staged.path)
            raise
        aside = put_in_place(staged, database, Clock().now())
        if aside is not None:
            typer.echo(f"{aside} holds the database as it was.")
        typer.echo(f"{database} is now the backup {backup}, verified.")
        return asyncio.run(_finish(configuration))


def _refuse_unless_sure(backup: Path, database: Path, staged: StagedCopy, *, yes: bool) -> None:
    """Asks on a terminal; without one, only --yes goes on."""
    if yes:
        return
    older = (
        f" It is older than this Holdline and will be migrated ({staged.behind})." if staged.behind else ""
    )
    question = f"{backup} is whole and belongs to this bot.{older} Put it in the place of {database}?"
    if not sys.stdin.isatty():
        raise CommandFailed(f"{question} Add --yes to go on. Nothing was changed.")
    if not typer.confirm(question):
        raise CommandFailed("nothing was changed.", 1)


async def _finish(configuration: Configuration) -> int:
    """Migrates, puts on hold and examines. If it is interrupted, the first start of the desk does the same."""
    async with open_store(configuration, announce=typer.echo, may_create=True) as store:
        await hold_if_copy(store)
        hold = await store.read(current_hold)
        violations = await store.read(find_violations)
    if hold is not None:
        typer.echo(describe_hold(hold))
    return show_violations(violations)


async def _decide_or_show(configuration: Configuration, options: RestoreOptions) -> int:
    async with open_store(configuration) as store:
        if options.mark:
            await _mark(store)
        elif options.release:
            await _decide(store, Verdict.RELEASE, options.only)
        elif options.discard:
            _confirm_discard(yes=options.yes)
            await _decide(store, Verdict.DISCARD, options.only)
        hold = await store.read(current_hold)
        is_unseen = await store.read(is_unseen_copy, store.engine.name)
    typer.echo(_UNSEEN_COPY if is_unseen else describe_hold(hold) if hold else _NO_HOLD)
    return 0


def _confirm_discard(*, yes: bool) -> None:
    """Asks on a terminal only: a script that says --discard has decided."""
    question = "What waits from before will never be sent, and this cannot be undone. Discard it?"
    if not yes and sys.stdin.isatty() and not typer.confirm(question):
        raise CommandFailed("nothing was changed.", 1)


async def _mark(store: Store) -> None:
    """Also holds a database that is on hold already: its copy may hold newer messages, or decisions half done."""
    if await store.read(is_at_work):
        raise CommandFailed("a desk is running on this database; stop it first. Nothing was changed.", 1)
    if not await hold_if_copy(store):
        await store.act(hold_restored)


async def _decide(store: Store, verdict: Verdict, kinds: tuple[HeldKind, ...]) -> None:
    if await store.read(is_unseen_copy, store.engine.name):
        raise CommandFailed(f"{_UNSEEN_COPY[0].lower()}{_UNSEEN_COPY[1:]} Decide after that.", 1)
    try:
        number = await store.act(decide_on_restored, verdict=verdict, kinds=kinds)
    except DeskError:
        sentence = (
            "nothing is on hold: the database was not restored, or somebody has decided already. "
            "There is nothing to do."
        )
        raise CommandFailed(sentence, 1) from None
    done = "Released" if verdict is Verdict.RELEASE else "Discarded"
    at_work = await store.read(is_at_work)
    when = (
        "the running desk carries it out within seconds"
        if at_work
        else "the desk carries it out when it starts"
    )
    typer.echo(f"{done}: {number:,}; {when}.")
