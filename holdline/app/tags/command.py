"""`holdline tags …`: what the command line calls."""

from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Exit

from holdline.app.options import AsJson, Config, GroupedCommands, say_examples

tags = typer.Typer(
    help="Train and measure the model that tags dialogs.", rich_markup_mode=None, cls=GroupedCommands
)


@tags.command("evaluate", epilog=say_examples("holdline tags evaluate labelled.csv --outside other.csv"))
def tags_evaluate(
    file: Annotated[
        Path, typer.Argument(help="Labelled texts: a table with columns text and intent; .gz too.")
    ],
    learn: Annotated[
        Path | None, typer.Option(help="Texts to learn from; else four fifths of FILE are.")
    ] = None,
    outside: Annotated[Path | None, typer.Option(help="Texts that belong to no tag.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Train on labelled texts, test on others, and print how often the answer is right."""
    from holdline.app.tags.evaluate import run_tags_evaluate  # noqa: PLC0415

    raise Exit(run_tags_evaluate(file, learn=learn, outside=outside, as_json=as_json))


@tags.command("train", epilog=say_examples("holdline tags train"))
def tags_train(config: Config = None, *, as_json: AsJson = False) -> None:
    """Train the model on the dialogs that people have tagged, and use it from now on."""
    from holdline.app.tags.train import run_tags_train  # noqa: PLC0415

    raise Exit(run_tags_train(config, as_json=as_json))
