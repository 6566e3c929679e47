"""`holdline funnel load`, `list`, `show` and `export`: the funnels in the database of the configured desk."""

import json
from collections.abc import Callable
from pathlib import Path
from shlex import quote
from typing import TypeVar

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import load_configuration
from holdline.app.funnels.files import read_funnel_file
from holdline.app.funnels.toml_writer import as_toml
from holdline.app.open_store import run_use_case
from holdline.desk.funnels.definitions import delete_funnel, funnel_by_name, load_funnel
from holdline.desk.funnels.figures import (
    FunnelFigures,
    figures_of,
    funnel_by_id,
    funnel_page,
    list_shared_entries,
)
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.store.tx import Tx
from holdline.texts import say

T = TypeVar("T")
_STATES = ("running", "done", "left")


def run_funnel_load(config: Path | None, files: list[Path], *, language: str) -> int:
    """Reads all files before it stores the first, so that a mistake in one of them stores none."""
    load_configuration(config)  # in a wrong folder the files are not what is wrong
    written = [(path, read_funnel_file(path, language)[1]) for path in files]

    def load_all(tx: Tx) -> list[str]:
        lines = []
        for path, definition in written:
            funnel, is_new = load_funnel(tx, written=definition)
            what = f"is version {funnel.version} now" if is_new else f"is version {funnel.version} already"
            lines.append(f"{path}: “{funnel.name}” {what}.")
            lines += [
                say(f"funnel_windows.shared_{one.kind}", language, value=one.value, other=one.other)
                for one in list_shared_entries(tx, funnel_id=funnel.id)
            ]
        return lines

    for line in _with_store(config, load_all):
        typer.echo(line)
    return 0


def run_funnel_list(config: Path | None, *, as_json: bool) -> int:
    """Prints one funnel per line; with `--json` one object on the last line."""
    page = _with_store(config, funnel_page)
    if as_json:
        listed = [
            {
                "id": funnel.id,
                "name": funnel.name,
                "version": funnel.version,
                "active": funnel.active,
                **{state: counts.get(state, 0) for state in _STATES},
            }
            for funnel, counts in page
        ]
        typer.echo(json.dumps({"funnels": listed}))
        return 0
    for funnel, counts in page:
        paused = "" if funnel.active else ", paused"
        typer.echo(f"{funnel.id:>4}  {funnel.name}, version {funnel.version}{paused}: {_counts(counts)}")
    if not page:
        typer.echo("There is no funnel yet; write one and run `holdline funnel load FILE`.")
    return 0


def run_funnel_show(config: Path | None, name: str, *, version: int | None = None) -> int:
    """Prints how many customers have passed each step of the newest or the given version."""
    figures: FunnelFigures = _with_store(
        config, lambda tx: figures_of(tx, funnel_id=funnel_by_name(tx, name=name).id, version=version)
    )
    typer.echo(f"{figures.funnel.name}, version {figures.funnel.version}: {_counts(figures.counts)}")
    if not figures.steps:
        typer.echo("Nobody has come through this version yet.")
    if figures.funnel.version > 1:
        typer.echo(
            f"The version before: holdline funnel show {quote(name)} --version {figures.funnel.version - 1}"
        )
    for row in figures.steps:
        way = f" → {row['branch']}" if row["branch"] else ""
        typer.echo(f"{row['number']:>8}  {row['kind']:<9} {row['address']}{way}")
    return 0


def run_funnel_delete(config: Path | None, name: str) -> int:
    _with_store(config, lambda tx: delete_funnel(tx, funnel_id=funnel_by_name(tx, name=name).id))
    typer.echo(f"“{name}” is deleted.")
    return 0


def run_funnel_export(config: Path | None, name: str, *, as_json: bool, version: int | None = None) -> int:
    """Prints the newest or the given version as a file that can be loaded again."""
    funnel = _with_store(
        config, lambda tx: funnel_by_id(tx, funnel_id=funnel_by_name(tx, name=name).id, version=version)
    )
    text = None if as_json else as_toml(funnel.definition)
    typer.echo(text if text is not None else json.dumps(funnel.definition, ensure_ascii=False, indent=2))
    return 0


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts.get(state, 0)} {state}" for state in _STATES)


def _with_store(config: Path | None, use_case: Callable[[Tx], T]) -> T:
    try:
        return run_use_case(config, use_case, made="a funnel")
    except NotFound as missing:
        raise CommandFailed(f"{missing.sentence()} `holdline funnel list` shows all funnels.") from missing
    except DeskError as wrong:
        raise CommandFailed(wrong.sentence()) from wrong
