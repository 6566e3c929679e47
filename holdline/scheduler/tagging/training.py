"""Trainings: examples are read in short transactions, another process learns from them, and only a better model
replaces the old one.
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from holdline.desk.tagging import training
from holdline.scheduler.tagging import tagger_process
from holdline.scheduler.tagging.tagger_process import TaggerFailed
from holdline.store.engine import Store

NO_EXTRA, FAILED = "no_extra", "tagger_failed"

log = logging.getLogger("holdline.tagging")


@dataclass(slots=True)
class Progress:
    """The progress of a training; `report` is the last message of the tagger."""

    on_step: Callable[[str], None] = lambda step: None
    report: dict[str, Any] = field(default_factory=dict)


async def plan_next(store: Store) -> int:
    """Returns 1 if the model is out of date compared with people's tags. The check uses a reader connection."""
    if not await store.read_heavy(training.is_training_due):
        return 0
    await store.act(training.plan_training)
    return 1


async def train_next(store: Store, folder: Path) -> int:
    """Returns 1 if a training was requested and has ended, with success or not."""
    model = await store.read(training.next_training)
    if model is None:
        return 0
    if await store.act(training.begin_training, model=model):
        await train_model(store, folder, model.id, Progress())
    return 1


async def train_model(store: Store, folder: Path, model_id: int, progress: Progress) -> None:
    """Trains a model. The old model and its file stay in use until the new one is complete."""
    file = folder / f"tags-{store.bot_id}-{model_id}.npz"
    if not tagger_process.is_installed():
        progress.report = {"refused": NO_EXTRA}
    else:
        try:
            progress.report = await tagger_process.train(_examples(store), file, on_step=progress.on_step)
        except TaggerFailed as failed:
            log.warning("the training of the tag model failed: %s", failed)
            progress.report = {"refused": FAILED}
    trained = progress.report.get("trained")
    if trained is not None:
        kept = await store.act(training.finish_training, model_id=model_id, file=file.name, trained=trained)
        _remove_old_files(folder, store.bot_id, kept)
        log.info("a tag model was trained on %s dialogs", trained["examples"])
        return
    figures = {name: value for name, value in progress.report.items() if name != "refused"}
    reason = str(progress.report.get("refused", FAILED))
    await store.act(training.fail_training, model_id=model_id, reason=reason, figures=figures)


async def _examples(store: Store) -> AsyncIterator[dict[str, Any]]:
    before: int | None = None
    for _ in range(training.MOST_PAGES):
        found, before = await store.read_heavy(training.examples_page, before=before)
        for example in found:
            yield example
        if before is None:
            return


def _remove_old_files(folder: Path, bot_id: int, kept: list[str]) -> None:
    for file in folder.glob(f"tags-{bot_id}-*.npz"):
        if file.name not in kept:
            with suppress(OSError):
                file.unlink()
