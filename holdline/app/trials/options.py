"""The options of `holdline demo`, `sandbox`, `replay` and `bench`. Each imports its modules when it runs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Exit

from holdline.app.options import AsJson


class DeskLanguage(StrEnum):
    EN = "en"
    RU = "ru"
    PL = "pl"


EmptyStore = Annotated[
    str | None,
    typer.Option("--store", help="An empty database to fill, as in store.url; else a temporary SQLite."),
]


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
