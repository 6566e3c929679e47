"""The command line. Each command imports its modules when it runs, so that `--help` is fast."""

import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, Exit, TyperException

from holdline.app.broadcasts.options import broadcast
from holdline.app.command_failed import CommandFailed, say_disk_refusal
from holdline.app.funnels.command import funnels
from holdline.app.keys.options import keys
from holdline.app.lean_imports import leave_out_rich
from holdline.app.marketing.command import show_held
from holdline.app.options import CHECKS, DAILY, DATA, START, AsJson, Config, GroupedCommands, say_examples
from holdline.app.privacy.command import erase, export, retention
from holdline.app.restores.options import restore
from holdline.app.tags.command import tags
from holdline.app.trials.options import bench, demo, replay, sandbox

cli = typer.Typer(
    name="holdline",
    rich_markup_mode=None,
    cls=GroupedCommands,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from holdline.store.engines.migrate import schema_version  # noqa: PLC0415

        typer.echo(f"holdline {version('holdline')} (schema {schema_version()})")
        raise Exit(0)


@cli.callback(
    epilog=say_examples(
        "holdline demo                 look at it, without a token",
        "holdline init                 begin with a desk of your own",
        "holdline check && holdline run",
        "holdline restore --help       more about one command",
    )
)
def options(
    *,
    show_version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and stop.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """A support desk inside Telegram: while a manager talks to a customer, marketing waits."""


class ProcessRole(StrEnum):
    """The part of the work that this process does; `all` is one process that does everything."""

    ALL = "all"
    INTAKE = "intake"
    SENDER = "sender"
    WEB = "web"


def init(
    to: Annotated[Path, typer.Option("--to", help="The new file.")] = Path("holdline.toml"),
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: write the file to fill in.")] = False,
    values: Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE, as web.port=8090.")] = None,
) -> None:
    """Write a configuration file with every key and its meaning; on a terminal it asks and tries each answer."""
    from holdline.app.setup.init import run_init  # noqa: PLC0415

    raise Exit(run_init(to, yes=yes, written=values or []))


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


def doctor(config: Config = None, *, as_json: AsJson = False) -> None:
    """Check every invariant of the database and show the rows that break one."""
    from holdline.app.doctor import run_doctor  # noqa: PLC0415

    raise Exit(run_doctor(config, as_json=as_json))


def migrate(
    config: Config = None,
    *,
    verbose: Annotated[bool, typer.Option("--verbose", help="Also name each migration.")] = False,
) -> None:
    """Migrate the database to this version; `run` does it automatically."""
    from holdline.app.maintenance import run_migrate  # noqa: PLC0415

    raise Exit(run_migrate(config, verbose=verbose))


def backup(
    config: Config = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="The new file; else beside the database, dated.")
    ] = None,
) -> None:
    """Copy the SQLite database while the desk is running, and verify the copy."""
    from holdline.app.maintenance import run_backup  # noqa: PLC0415

    raise Exit(run_backup(config, to=to))


_COMMANDS: tuple[tuple[str, Callable[..., None], str, tuple[str, ...]], ...] = (
    (
        START,
        demo,
        "Show everything in one process, without a token or the network.",
        ("holdline demo", "holdline demo --private --language pl"),
    ),
    (
        START,
        init,
        "Ask, try each answer, and write the configuration.",
        ("holdline init", "holdline init --yes --set telegram.admins=[111111111]"),
    ),
    (
        START,
        check,
        "Try the configuration, the token, the database and the group.",
        ("holdline check", "holdline check --deep --config /srv/desk/holdline.toml"),
    ),
    (
        START,
        run,
        "Run the desk until it is stopped.",
        ("holdline run", "holdline run --role sender --config /srv/desk/holdline.toml"),
    ),
    (
        DAILY,
        broadcast,
        "Send one message to many customers, through the gate.",
        (
            "holdline broadcast offer.toml --dry-run",
            "holdline broadcast offer.toml --test-to 111111111",
            "holdline broadcast 12 --move pause",
        ),
    ),
    (DAILY, show_held, "List the customers for whom marketing waits behind a dialog.", ("holdline held",)),
    (
        DATA,
        backup,
        "Copy the SQLite database while the desk is running.",
        ("holdline backup", 'holdline backup --to "/somewhere/else/desk-$(date +%FT%H%M%S).db"'),
    ),
    (
        DATA,
        restore,
        "Put a backup in the place of the database, and decide what it may send.",
        (
            "holdline restore desk-2026-11-30.db",
            "holdline restore",
            "holdline restore --release --only replies",
        ),
    ),
    (
        DATA,
        migrate,
        "Migrate the database to this version of Holdline, after a backup.",
        ("holdline migrate", "holdline migrate --verbose"),
    ),
    (
        DATA,
        export,
        "Write everything stored about a customer into one ZIP file.",
        ("holdline export 12", "holdline export telegram:510000001 --to anna.zip --with-notes"),
    ),
    (
        DATA,
        erase,
        "Erase a customer, and prove it.",
        ("holdline erase 12 --dry-run", "holdline erase @anna --prove --also-in /var/log/holdline.log"),
    ),
    (
        DATA,
        retention,
        "Empty technical copies that are older than the configuration keeps them.",
        ("holdline retention --dry-run", "holdline retention"),
    ),
    (
        CHECKS,
        doctor,
        "Check every invariant of the database, and show the rows that break one.",
        ("holdline doctor", "holdline doctor --json"),
    ),
    (
        CHECKS,
        replay,
        "Play recorded conversations, and count every broken promise.",
        (
            "holdline replay examples/conversations.jsonl",
            "holdline replay recorded.jsonl.gz --limit 100 --group --json",
        ),
    ),
    (
        CHECKS,
        bench,
        "Measure this machine, each figure beside a floor.",
        (
            "holdline bench --dialogs 1000 --recipients 0",
            "holdline bench --only intake,relay --json > bench.json",
        ),
    ),
    (
        CHECKS,
        sandbox,
        "Run only the simulated Bot API with its page.",
        ("holdline sandbox", "holdline sandbox --port 0 --token 123456:sandbox-token"),
    ),
)
for _panel, _command, _sentence, _calls in _COMMANDS:
    _name = _command.__name__.removeprefix("show_")
    cli.command(_name, short_help=_sentence, rich_help_panel=_panel, epilog=say_examples(*_calls))(_command)
for _group, _name in ((keys, "key"), (funnels, "funnel"), (tags, "tags")):
    cli.add_typer(_group, name=_name, rich_help_panel=DAILY)


_PLAIN_WORDS = (
    ("Value error, ", ""),
    ("Input should be a valid integer, unable to parse string as an integer", "it must be a whole number"),
    ("Input should be ", "it must be "),
)
"""What the library says about a value, and how a person says it."""


def main() -> None:
    """0 success, 1 a promise or check failed, 2 the arguments or the configuration are wrong."""
    sys.exit(invoke(sys.argv[1:]))


def invoke(arguments: list[str]) -> int:
    """Returns the exit code. A refusal is one sentence on standard error; mistakes of a configuration are one each."""
    try:
        code = cli(arguments, prog_name="holdline", standalone_mode=False)
    except TyperException as wrong:
        sentence = wrong.format_message().rstrip(".")
        for words, plain in _PLAIN_WORDS:
            sentence = sentence.replace(words, plain)
        joint = " See" if sentence.endswith("?") else "; see"
        return _print_errors([f"{sentence}{joint} `{_command_of(wrong)} --help`."], 2)
    except CommandFailed as stopped:
        return _print_errors(stopped.sentences, stopped.code)
    except OSError as refused:
        if (disk := say_disk_refusal(refused)) is None:
            raise
        return _print_errors([disk], 1)
    except Abort:
        return _print_errors(["stopped at the question; nothing was changed."], 1)
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else 0


def _command_of(wrong: TyperException) -> str:
    """The command whose help names what was wrong, with its group: `holdline key create`."""
    context = getattr(wrong, "ctx", None)
    return "holdline" if context is None else str(context.command_path)


def _print_errors(sentences: Iterable[str], code: int) -> int:
    for sentence in sentences:
        typer.echo("holdline: " + " ".join(sentence.split()), err=True)
    return code
