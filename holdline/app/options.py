"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The TOML file; holdline.toml in this folder if you name none."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on the last line.")]
