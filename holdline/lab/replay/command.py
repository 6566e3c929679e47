"""`holdline replay`: what the command line calls."""

import asyncio
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from holdline.app.command_failed import Stop
from holdline.lab.replay.baseline import floor_updates_per_second
from holdline.lab.replay.play import played
from holdline.lab.replay.recording import Conversation, NotARecording, conversations
from holdline.lab.replay.report import Report
from holdline.lab.replay.stage_setup import examined, staged

PLAIN_EVERY = 100


def run_replay(
    path: Path, *, limit: int | None, as_json: bool, store: str | None, seed: int, private: bool
) -> int:
    """0 when every promise held, 1 when one was broken."""
    try:
        recording = conversations(path, limit)
    except NotARecording as wrong:
        raise Stop(f"{wrong}; see examples/conversations.jsonl for the shape.", 2) from wrong
    console = Console(stderr=as_json)
    report = asyncio.run(_replayed(recording, console, store=store, seed=seed, private=private))
    report.show(console)
    if as_json:
        Console(soft_wrap=True, highlight=False).print_json(json.dumps(report.as_json()), indent=None)
    return 1 if report.broken else 0


async def _replayed(
    recording: list[Conversation], console: Console, *, store: str | None, seed: int, private: bool
) -> Report:
    with tempfile.TemporaryDirectory(prefix="holdline-replay-") as folder, _bar(console) as bar:
        floor = await floor_updates_per_second(Path(folder))
        task = bar.add_task("replay", total=len(recording))

        def progress(done: int, total: int, broken: int) -> None:
            bar.update(task, completed=done, description=f"replay, {broken} broken")
            if not console.is_terminal and (done % PLAIN_EVERY == 0 or done == total):
                console.print(f"{done} of {total} conversations, {broken} broken promises")

        async with staged(Path(folder), store=store, seed=seed, private=private) as stage:
            report = await played(stage, recording, progress=progress)
        report.broken += await examined(Path(folder))
        report.floor_updates_per_second = floor
        return report


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)
