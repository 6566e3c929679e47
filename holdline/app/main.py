"""The command line. Each command imports its modules when it runs, so that `--help` is fast."""

import sys
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Exit, TyperException

from holdline.app.broadcasts.options import broadcast
from holdline.app.command_failed import CommandFailed
from holdline.app.funnels.command import funnels
from holdline.app.lean_imports import leave_out_rich
from holdline.app.marketing.command import show_held
from holdline.app.options import AsJson, Config
from holdline.app.privacy.command import erase, export, retention
from holdline.app.restores.options import restore
from holdline.app.tags.command import tags

cli = typer.Typer(
    name="holdline",
    help="A support desk inside Telegram: while a person is talking, marketing waits.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="Keys of the HTTP API.", rich_markup_mode=None)
cli.add_typer(keys, name="key")
cli.add_typer(tags, name="tags")
cli.add_typer(funnels, name="funnel")
cli.command("held", short_help="Everybody for whom marketing waits behind a dialog.")(show_held)
cli.command(short_help="Send one message to many, through the gate.")(broadcast)
cli.command(short_help="Everything stored about a customer, as one ZIP file.")(export)
cli.command(short_help="Erase a customer, and prove it.")(erase)
cli.command(short_help="Empty technical copies that are old.")(retention)
cli.command(short_help="Put a backup in the database's place; decide what it may send.")(restore)


def _show_version(wanted: bool) -> None:
    if wanted:
        from holdline.store.engines.migrate import schema_version  # noqa: PLC0415

        typer.echo(f"holdline {version('holdline')} (schema {schema_version()})")
        raise Exit(0)


@cli.callback()
def options(
    *,
    show_version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and stop.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """A support desk inside Telegram: while a manager talks to a customer, marketing waits."""


class DeskLanguage(StrEnum):
    EN = "en"
    RU = "ru"
    PL = "pl"


class ProcessRole(StrEnum):
    """The part of the work that this process does; `all` is one process that does everything."""

    ALL = "all"
    INTAKE = "intake"
    SENDER = "sender"
    WEB = "web"


EmptyStore = Annotated[
    str | None,
    typer.Option("--store", help="An empty database to fill, as in store.url; else a temporary SQLite."),
]


@cli.command(short_help="Everything in one process, without a token or the network.")
def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Keep the demo's database here; else it is gone afterwards.")
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Of the page; the next free one if it is taken.")
    ] = 8081,
    language: Annotated[
        DeskLanguage, typer.Option(help="Of the desk at the start; then it follows the page's.")
    ] = DeskLanguage.EN,
    private: Annotated[
        bool,
        typer.Option("--private", help="No staff group: managers answer in their own chats with the bot."),
    ] = False,
) -> None:
    """Run everything in one process, without a token and without network; prints one URL."""
    from holdline.lab.demo import run_demo  # noqa: PLC0415

    raise Exit(run_demo(folder=folder, port=port, language=language.value, private=private))


@cli.command(short_help="Ask, try each answer, and write the configuration.")
def init(
    to: Annotated[Path, typer.Option("--to", help="The new file.")] = Path("holdline.toml"),
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: write the file to fill in.")] = False,
    values: Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE, as web.port=8090.")] = None,
) -> None:
    """Write a configuration file with every key and its meaning; on a terminal it asks and tries each answer."""
    from holdline.app.setup.init import run_init  # noqa: PLC0415

    raise Exit(run_init(to, yes=yes, written=values or []))


@cli.command()
def run(
    config: Config = None,
    role: Annotated[
        ProcessRole, typer.Option(help="One part of the work; needs PostgreSQL.")
    ] = ProcessRole.ALL,
) -> None:
    """Run the desk: intake, sender, timers and web."""
    leave_out_rich()
    from holdline.app.run_desk import run_desk  # noqa: PLC0415

    raise Exit(run_desk(config, role=role.value))


@cli.command(short_help="Try the configuration, the token, the database and the group.")
def check(
    config: Config = None,
    *,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also make a topic in the group and delete it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Test the configuration, the token, the database and the group with real calls, and explain problems."""
    from holdline.app.check.command import run_check  # noqa: PLC0415

    raise Exit(run_check(config, deep=deep, as_json=as_json))


@cli.command(short_help="Run every invariant on the database; show what breaks one.")
def doctor(config: Config = None, *, as_json: AsJson = False) -> None:
    """Check every invariant of the database and show the rows that break one."""
    from holdline.app.doctor import run_doctor  # noqa: PLC0415

    raise Exit(run_doctor(config, as_json=as_json))


@keys.command("create")
def key_create(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    config: Config = None,
    scope: Annotated[list[str] | None, typer.Option(help="send, read, desk: the default; admin.")] = None,
    expires: Annotated[str | None, typer.Option(help="Good for 12h, 90d…; else until revoked.")] = None,
    *,
    per_minute: Annotated[int | None, typer.Option(help="Most messages through the gate a minute.")] = None,
    per_day: Annotated[int | None, typer.Option(help="The same for a day, in UTC.")] = None,
) -> None:
    """Print a new key once, alone on the last line; only its hash is stored."""
    from holdline.app.key import run_key_create  # noqa: PLC0415

    scopes = tuple(scope or ("send", "read", "desk"))
    limits = (per_minute, per_day)
    raise Exit(run_key_create(config, name=name, scopes=scopes, expires=expires, limits=limits))


@keys.command("list")
def key_list(config: Config = None, *, as_json: AsJson = False) -> None:
    """List every key with its scopes, creation and last use, without secrets."""
    from holdline.app.key import run_key_list  # noqa: PLC0415

    raise Exit(run_key_list(config, as_json=as_json))


@keys.command("revoke")
def key_revoke(
    key_id: Annotated[int, typer.Argument(metavar="ID", help="The number that `key list` shows.")],
    config: Config = None,
) -> None:
    """Revoke a key: the next call with it is refused."""
    from holdline.app.key import run_key_revoke  # noqa: PLC0415

    raise Exit(run_key_revoke(config, key_id=key_id))


@cli.command()
def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Of the Bot API and the page; 0 takes any free one.")
    ] = 8081,
    token: Annotated[
        str, typer.Option(help="Of its bot: digits, a colon, letters.")
    ] = "123456:sandbox-token",
) -> None:
    """Run only the local Bot API and its page, on loopback."""
    from holdline.lab.demo import run_sandbox  # noqa: PLC0415

    raise Exit(run_sandbox(port=port, token=token))


@cli.command()
def migrate(config: Config = None) -> None:
    """Migrate the database to this version; `run` does it automatically."""
    from holdline.app.maintenance import run_migrate  # noqa: PLC0415

    raise Exit(run_migrate(config))


@cli.command(short_help="Copy the SQLite database while the desk is at work.")
def backup(
    config: Config = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="The new file; else beside the database, dated.")
    ] = None,
) -> None:
    """Copy the SQLite database while the desk is running, and verify the copy."""
    from holdline.app.maintenance import run_backup  # noqa: PLC0415

    raise Exit(run_backup(config, to=to))


@cli.command(short_help="Play recorded conversations; count every broken promise.")
def replay(
    file: Annotated[Path, typer.Argument(help="Conversations, one JSON object a line; .gz too.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    store: EmptyStore = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same decisions.")] = 1,
    *,
    group: Annotated[
        bool,
        typer.Option(
            "--group", help="All dialogs in one staff group; else managers work in their own chats."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Play recorded conversations through the sandbox and the whole desk, and count every broken promise."""
    from holdline.lab.replay.command import run_replay  # noqa: PLC0415

    raise Exit(run_replay(file, limit=limit, as_json=as_json, store=store, seed=seed, private=not group))


@cli.command(short_help="Measure this machine, each figure beside a floor.")
def bench(
    dialogs: Annotated[
        int, typer.Option(min=0, help="The desk grows to so many; 0: not at all.")
    ] = 1_000_000,
    recipients: Annotated[
        int, typer.Option(min=0, help="A broadcast goes to so many; 0 leaves it out.")
    ] = 1_000_000,
    *,
    questions: Annotated[Path | None, typer.Option(help="Intents for smart replies.")] = None,
    only: Annotated[
        str, typer.Option(help="Scenarios, as intake,drain,relay:4 (that one in 4 processes); else all.")
    ] = "",
    store: Annotated[
        str | None,
        typer.Option(help="A PostgreSQL server, or postgres to start one; else temporary SQLite."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure this machine: start, memory, a held message, the main job, intake, relay, drain, a burst, growth, a
    broadcast. On PostgreSQL each scenario gets a database of its own, which is dropped afterwards.

    With --json the last line is for a file: holdline bench --json > bench.json.
    """
    from holdline.lab.bench.command import run_bench  # noqa: PLC0415
    from holdline.lab.bench.scenarios import BenchOptions  # noqa: PLC0415

    names = tuple(name.strip() for name in only.split(",") if name.strip())
    options = BenchOptions(store, dialogs, recipients, questions, names)
    raise Exit(run_bench(options, as_json=as_json))


def main() -> None:
    """0 success, 1 a promise or check failed, 2 the arguments or the configuration are wrong."""
    sys.exit(invoke(sys.argv[1:]))


def invoke(arguments: list[str]) -> int:
    """Returns the exit code. A refusal is one sentence on standard error."""
    try:
        code = cli(arguments, prog_name="holdline", standalone_mode=False)
    except TyperException as wrong:
        sentence = wrong.format_message().replace("Value error, ", "").rstrip(".")
        return _print_error(f"{sentence}; see `holdline --help`.", 2)
    except CommandFailed as stopped:
        return _print_error(str(stopped), stopped.code)
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else 0


def _print_error(sentence: str, code: int) -> int:
    typer.echo("holdline: " + " ".join(sentence.split()), err=True)
    return code
