"""`holdline replay`: what the command line calls."""

import asyncio
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from holdline.app.command_failed import CommandFailed
from holdline.app.signals import interrupt_on_sigterm
from holdline.lab.replay.baseline import measure_baseline
from holdline.lab.replay.play import play_recording
from holdline.lab.replay.recording import Conversation, NotARecording, conversations
from holdline.lab.replay.report import Report
from holdline.lab.replay.stage_setup import examine_database, open_stage

PLAIN_EVERY = 100


def run_replay(
    path: Path, *, limit: int | None, as_json: bool, store: str | None, seed: int, private: bool
) -> int:
    """Returns 0 if every promise was kept, 1 if one was broken."""
    try:
        recording = conversations(path, limit)
    except NotARecording as wrong:
        raise CommandFailed(f"{wrong}; see examples/conversations.jsonl for the shape.", 2) from wrong
    console = Console(stderr=as_json)
    with interrupt_on_sigterm():
        report = asyncio.run(_replay(recording, console, store=store, seed=seed, private=private))
    report.show(console)
    if as_json:
        Console(soft_wrap=True, highlight=False).print_json(json.dumps(report.as_json()), indent=None)
    return 1 if report.broken else 0


async def _replay(
    recording: list[Conversation], console: Console, *, store: str | None, seed: int, private: bool
) -> Report:
    with tempfile.TemporaryDirectory(prefix="holdline-replay-") as folder, _bar(console) as bar:
        floor = await measure_baseline(Path(folder))
        task = bar.add_task("replay", total=len(recording))

        def progress(done: int, total: int, broken: int) -> None:
            bar.update(task, completed=done, description=f"replay, {broken} broken")
            if not console.is_terminal and (done % PLAIN_EVERY == 0 or done == total):
                console.print(f"{done} of {total} conversations, {broken} broken promises")

        async with open_stage(Path(folder), store=store, seed=seed, private=private) as stage:
            report = await play_recording(stage, recording, progress=progress)
        report.broken += await examine_database(Path(folder))
        report.floor_updates_per_second = floor
        return report


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)
