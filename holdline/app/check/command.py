"""`holdline check`: tests everything in the set-up that could be wrong."""

import asyncio
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import typer

from holdline.app.check.disk import disk_findings
from holdline.app.check.mail import mail_findings
from holdline.app.check.results import ERROR, GOOD, WARNING, Finding, any_error, as_object
from holdline.app.check.telegram import (
    admin_findings,
    bot_of,
    group_findings,
    private_findings,
    webhook_findings,
)
from holdline.app.check.web import PORT_OURS, web_findings
from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import DEFAULT_PATH, Configuration, ConfigurationError, load_configuration
from holdline.app.file_permissions import files_open_to_others, remedy
from holdline.app.marketing.findings import findings_on_hours
from holdline.app.open_store import absent_database_file, log_quietly, open_store
from holdline.app.upgrade import DatabaseOutdated
from holdline.bot.gateway import Gateway
from holdline.bot.intake.bot_api import direct_caller
from holdline.desk.health.readiness import is_at_work
from holdline.desk.notices.places import staff_group
from holdline.desk.restores.hold import current_hold
from holdline.desk.restores.summary import describe_hold
from holdline.store.engine import Store
from holdline.store.errors import DiskFull, StoreUnavailable
from holdline.store.screens import settings as stored
from holdline.store.tx import Tx

T = TypeVar("T")
DATABASE_READONLY = "database_readonly"
_SIGNS = {ERROR: "✗", WARNING: "!", GOOD: "✓"}


def run_check(config: Path | None, *, deep: bool, as_json: bool) -> int:
    """Returns 1 if something will not work. Raises ConfigurationError if the configuration itself is wrong."""
    try:
        configuration = load_configuration(config)
    except ConfigurationError as wrong:
        if as_json:
            findings = [Finding(ERROR, "configuration_wrong", sentence) for sentence in wrong.sentences]
            typer.echo(json.dumps(as_object(findings)))
        raise
    findings = asyncio.run(_check_all(configuration, deep))
    for finding in findings:
        typer.echo(f"{_SIGNS[finding.level]} {finding.sentence}")
    typer.echo(_verdict(findings, configuration))
    if as_json:
        typer.echo(json.dumps(as_object(findings)))
    return 1 if any_error(findings) else 0


async def _check_all(configuration: Configuration, deep: bool) -> list[Finding]:
    log_quietly(configuration)
    database = await database_findings(configuration)
    takes_writes = all(finding.code != DATABASE_READONLY for finding in database)
    at_work = await _is_at_work(configuration) if takes_writes else None
    return [
        *_configuration(configuration),
        *await web_findings(configuration.settings, is_at_work=at_work),
        *database,
        *disk_findings(configuration),
        *await mail_findings(configuration.settings),
        *findings_on_hours(configuration.settings),
        *await _telegram(configuration, deep),
    ]


def _configuration(configuration: Configuration) -> list[Finding]:
    path, telegram = configuration.path, configuration.settings.telegram
    good = (
        f"{path} can be read." if path else "There is no holdline.toml here: defaults and environment apply."
    )
    findings = [Finding(GOOD, "configuration_good", good)]
    if path is not None and path.stat().st_mode & 0o077 and "token" in path.read_text(encoding="utf-8"):
        mend = f"Run chmod 600 {path}, or keep the token in HOLDLINE_TELEGRAM__TOKEN."
        findings.append(
            Finding(WARNING, "configuration_open", f"Others can read {path} and the token in it.", mend)
        )
    if not telegram.admins:
        mend = "Add your Telegram id to it."
        findings.append(
            Finding(WARNING, "no_admins", "telegram.admins is empty, so nobody can add managers.", mend)
        )
    return findings


async def database_findings(configuration: Configuration) -> list[Finding]:
    """Whether the database can be opened and takes a write."""
    if (missing := absent_database_file(configuration)) is not None:
        return [_new_database(missing)]
    try:
        async with open_store(configuration) as store:
            if (refused := await _refusal_of_a_write(store)) is not None:
                return [refused]
            hold = await store.read(current_hold)
    except DatabaseOutdated as older:
        return [_older_database(older)]
    except CommandFailed as stopped:
        return [Finding(ERROR, "database_closed", _capital(str(stopped)))]
    findings = [Finding(GOOD, "database_good", "The database accepts a write and its rollback.")]
    if hold is not None:
        findings.append(Finding(WARNING, "on_hold", describe_hold(hold)))
    if exposed := files_open_to_others(configuration):
        names = ", ".join(path.name for path in exposed)
        sentence = f"Other accounts of this machine can read customers' words in {names}."
        findings.append(Finding(WARNING, "database_open", sentence, f"{remedy(exposed)}."))
    return findings


def _new_database(path: Path) -> Finding:
    """Checks only whether a database could be created. A mistyped path must not create an empty desk."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if os.access(folder, os.W_OK):
        sentence = f"There is no database at {path} yet; the first `holdline run` creates it."
        if path.parent.exists():
            return Finding(GOOD, "database_good", sentence)
        lacks = f"The folder {path.parent.absolute()} is not there. {sentence}"
        return Finding(WARNING, "database_folder", lacks, "Look at store.url: the folder will be made, too.")
    mend = "Check store.url, or let this account write there."
    return Finding(ERROR, "database_closed", f"No database can be created at {path}.", mend)


def _older_database(older: DatabaseOutdated) -> Finding:
    level, code = (GOOD, "database_good") if older.is_new else (WARNING, "database_older")
    return Finding(level, code, _capital(str(older)))


async def _refusal_of_a_write(store: Store) -> Finding | None:
    """What is wrong if the database takes no write; the trial is taken back."""
    try:
        with suppress(_UndoTrial):
            await store.act(_try_write)
    except StoreUnavailable as refused:
        mend = "Check the permissions of the file or of the database user, and the free disk space."
        if isinstance(refused, DiskFull):
            mend = "Free some space there; a running desk goes on by itself then."
        return Finding(ERROR, DATABASE_READONLY, f"The database cannot be written to: {refused}.", mend)
    return None


class _UndoTrial(Exception):
    """Rolls back the trial write."""


def _try_write(tx: Tx) -> None:
    stored.put(tx, "check", tx.at.isoformat())
    raise _UndoTrial


async def _telegram(configuration: Configuration, deep: bool) -> list[Finding]:
    settings = configuration.settings
    token = settings.telegram.token.get_secret_value()
    if not token:
        mend = "Create a bot at @BotFather and put its token into telegram.token."
        return [Finding(ERROR, "token_missing", "telegram.token is empty.", mend)]
    async with Gateway(token, settings.telegram.api_base) as gateway:
        ask = direct_caller(gateway)
        bot, finding = await bot_of(ask)
        if bot is None:
            return [finding]
        return [
            finding,
            *private_findings(bot),
            *await admin_findings(ask, settings, bot),
            *await group_findings(ask, settings, bot, group=await _group_now(configuration), deep=deep),
            *await webhook_findings(ask, settings),
        ]


async def _group_now(configuration: Configuration) -> int:
    """The staff group's id that the desk knows, or the configured one if there is no desk yet."""
    answers = await _read_from_desk(configuration, staff_group)
    return configuration.settings.telegram.staff_group if answers is None else answers


async def _is_at_work(configuration: Configuration) -> bool:
    return bool(await _read_from_desk(configuration, is_at_work))


async def _read_from_desk(configuration: Configuration, query: Callable[[Tx], T]) -> T | None:
    """The result of the query, or None if there is no database or it cannot be opened (reported separately)."""
    if absent_database_file(configuration) is None:
        with suppress(CommandFailed, StoreUnavailable):
            async with open_store(configuration) as store:
                return await store.read(query)
    return None


def _verdict(findings: list[Finding], configuration: Configuration) -> str:
    """The last line: what to do next."""
    wrong, doubtful = (sum(finding.level == level for finding in findings) for level in (ERROR, WARNING))
    if wrong:
        return f"{wrong} of {len(findings)} checks failed (✗). Correct them, then run this command again."
    named = f" --config {configuration.path}" if configuration.path not in (None, DEFAULT_PATH) else ""
    look = f"It works, but look at the {doubtful} marked “!”." if doubtful else "Everything works."
    if any(finding.code == PORT_OURS for finding in findings):
        return f"{look} Holdline is running; changes of the configuration take effect at its next start."
    return f"{look} Now run `holdline run{named}`, and write /start to the bot."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
