"""`holdline tags train`: trains on the dialogs that people have tagged, in this process."""

import asyncio
import json
from pathlib import Path
from typing import Any

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import Configuration, load_configuration
from holdline.app.open_store import log_quietly, open_store
from holdline.app.tags.evaluate import REFUSALS, require_tags_extra
from holdline.desk.tagging.training import begin_here
from holdline.scheduler.tagging.training import Progress, train_model


def run_tags_train(config: Path | None, *, as_json: bool) -> int:
    """Returns 0 if there is a new model. Otherwise the old one stays in use, and the error says why."""
    require_tags_extra()
    configuration = load_configuration(config)
    log_quietly(configuration)
    progress = Progress(on_step=lambda step: typer.echo(step, err=True))
    asyncio.run(_train(configuration, progress))
    trained: dict[str, Any] | None = progress.report.get("trained")
    if trained is None:
        reason = str(progress.report.get("refused"))
        raise CommandFailed(REFUSALS.get(reason, "the training broke off; the log says why."))
    figures = {name: value for name, value in trained.items() if name != "checksum"}
    typer.echo(json.dumps(figures) if as_json else _report(figures))
    return 0


async def _train(configuration: Configuration, progress: Progress) -> None:
    folder = configuration.base / configuration.settings.tags.folder
    async with open_store(configuration) as store:
        await train_model(store, folder, await store.act(begin_here), progress)


def _report(figures: dict[str, Any]) -> str:
    return (
        f"Learnt from {figures['examples']} dialogs with {figures['tags']} tags in {figures['seconds']:.0f} s.\n"
        f"On dialogs it had not seen, its first choice was right in {figures['top1']:.1%}. It is silent below "
        f"{figures['threshold']:.0%}: then {figures['precision']:.1%} of its tags are right, and "
        f"{figures['coverage']:.1%} of dialogs get one."
    )
