"""`holdline funnel picture`."""

from pathlib import Path

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.funnels.files import read_funnel_file
from holdline.dialogs.funnels.definition import Definition
from holdline.screens.funnels.pictures.looks import THEMES
from holdline.screens.funnels.pictures.picture import PictureLook, funnel_picture, funnel_png
from holdline.screens.reports.files import EXTRA_MISSING, FileNotMade
from holdline.texts.catalog import LANGUAGES


def run_funnel_picture(path: Path, *, to: Path, theme: str, language: str) -> int:
    """Writes the picture, replacing an existing file."""
    if to.suffix not in (".svg", ".png"):
        raise CommandFailed("--to ends in .svg or .png.")
    if theme not in THEMES or language not in LANGUAGES:
        raise CommandFailed(
            f"--theme is one of {', '.join(THEMES)}, --language one of {', '.join(LANGUAGES)}."
        )
    definition, _ = read_funnel_file(path, language)
    look = PictureLook(language, theme)
    picture = _png(definition, look) if to.suffix == ".png" else funnel_picture(definition, look).encode()
    try:
        to.write_bytes(picture)
    except OSError as refused:
        raise CommandFailed(f"{to} cannot be written: {refused.strerror}.") from refused
    typer.echo(f"{to}: “{definition.name}”, {len(definition.by_address)} steps.")
    return 0


def _png(definition: Definition, look: PictureLook) -> bytes:
    try:
        return funnel_png(definition, look)
    except FileNotMade as failed:
        missing = (
            "; install it with `pip install 'holdline[reports]'`" if failed.reason == EXTRA_MISSING else ""
        )
        raise CommandFailed(f"the PNG could not be made{missing}; an .svg needs nothing.", 1) from failed
