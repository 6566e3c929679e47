"""`holdline tags evaluate`: measures the tagger on labelled texts."""

import json
from pathlib import Path

import typer

from holdline.app.command_failed import CommandFailed
from holdline.scheduler.tagging import tagger_process
from holdline.tagger.examples import read_examples

HELD_OUT = 5
"""Without separate training texts every fifth text is used for the test and the others for training."""


def run_tags_evaluate(file: Path, *, learn: Path | None, outside: Path | None, as_json: bool) -> int:
    """Returns 0 whatever the result; a person judges it."""
    require_tags_extra()
    try:
        asked = read_examples(file)
        learnt = read_examples(learn) if learn is not None else None
        others = read_examples(outside) if outside is not None else []
    except (OSError, ValueError) as wrong:
        raise CommandFailed(f"the texts cannot be read: {wrong}", 2) from wrong
    if learnt is None:
        learnt = [example for number, example in enumerate(asked) if number % HELD_OUT]
        asked = asked[::HELD_OUT]
    from holdline.tagger.evaluation import evaluate  # noqa: PLC0415 - seconds
    from holdline.tagger.training import TrainingRefused  # noqa: PLC0415

    try:
        found = evaluate(learnt, asked, outside=others, on_step=lambda step: typer.echo(step, err=True))
    except TrainingRefused as refused:
        raise CommandFailed(REFUSALS[refused.reason]) from refused
    figures = found.as_json()
    if as_json:
        typer.echo(json.dumps(figures))
        return 0
    for name, value in figures.items():
        if value is not None:
            typer.echo(
                f"{_DISPLAY_NAMES[name]}: {value:.3f}" if value <= 1 else f"{_DISPLAY_NAMES[name]}: {value}"
            )
    return 0


def require_tags_extra() -> None:
    """Raises CommandFailed if the libraries of the extra are not installed."""
    if not tagger_process.is_installed():
        raise CommandFailed(
            "the trained model needs more: install it with `pip install 'holdline[tags]'`.", 2
        )


REFUSALS = {
    "too_few": "there is too little to learn from: at least 20 tagged texts, and two tags with five texts each.",
    "too_unsure": "what was learnt is no better than guessing, so it is not used: tag more texts and try again.",
}
_DISPLAY_NAMES = {
    "examples": "texts learnt from",
    "tags": "tags",
    "top1": "likeliest tag is right (top 1)",
    "top3": "right one among three (top 3)",
    "threshold": "silent below",
    "precision": "right of those said",
    "coverage": "texts it says something of",
    "auroc": "tells texts of no tag apart (AUROC)",
    "silent_outside": "texts of no tag it is silent about",
}
