"""`holdline funnel check`."""

from pathlib import Path

import typer

from holdline.app.funnels.files import BadFile, doubt_lines, read_funnel_file
from holdline.screens.funnels.pictures.words import entry_words
from holdline.texts import say


def run_funnel_check(path: Path, *, language: str) -> int:
    """Returns 0 if the file is a valid funnel, otherwise 1, and prints each mistake on its own line, or each doubt."""
    try:
        definition, _ = read_funnel_file(path, language)
    except BadFile as bad:
        for line in bad.lines:
            typer.echo(line, err=True)
        return 1
    steps = len(definition.by_address)
    typer.echo(say("funnels.well_written", language, path=path, name=definition.name, steps=steps))
    typer.echo(say("funnels.ways_in", language, ways=" · ".join(entry_words(definition, language))))
    for line in doubt_lines(path, definition, language):
        typer.echo(line)
    return 0
