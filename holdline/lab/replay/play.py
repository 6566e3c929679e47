"""Plays a recording: many stories at once, their promises, and the figures of the run."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from holdline.lab.process_memory import read_megabytes
from holdline.lab.replay.promises import BrokenPromise
from holdline.lab.replay.recording import Conversation
from holdline.lab.replay.report import Report
from holdline.lab.replay.stage import Stage
from holdline.lab.replay.story import Story, Tally
from holdline.lab.replay.working_story import WorkingStory

AT_ONCE = 48
ProgressCallback = Callable[[int, int, int], None]


async def play_recording(
    stage: Stage,
    recording: list[Conversation],
    *,
    progress: ProgressCallback,
    at_once: int = AT_ONCE,
    plain: bool = False,
) -> Report:
    """Returns the report without its floor. `progress` gets (done, all, broken). `plain`: managers only reply."""
    story = Story if plain else WorkingStory
    report, tally = Report(), Tally()
    made_before, calls_before = stage.box.tg.updates.made, stage.box.tg.calls.last
    waiting = list(enumerate(recording))[::-1]
    memory = _Memory(stage.desk_pid, len(recording))
    stop = asyncio.Event()
    started = time.perf_counter()

    async def player() -> None:
        while waiting:
            number, conversation = waiting.pop()
            report.broken += await story(stage, conversation, number, tally).play()
            report.conversations += 1
            memory.note(report.conversations)
            progress(report.conversations, len(recording), len(report.broken))

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(stage.witness.watch(stop))
        await asyncio.gather(*(player() for _ in range(min(at_once, len(recording)))))
        report.seconds = time.perf_counter() - started
        stop.set()
        with suppress(asyncio.CancelledError):
            await watching
    report.messages_in = stage.box.tg.updates.made - made_before
    report.messages_out = stage.box.tg.calls.last - calls_before
    report.updates_per_second = report.messages_in / report.seconds
    report.dialogs, report.held, report.released = tally.dialogs, tally.held, tally.released
    report.dropped, report.ratings = tally.dropped, tally.ratings
    report.rss_mb, report.rss_growth_mb = memory.now(), memory.growth()
    report.broken += [BrokenPromise("sandbox problem", str(problem)) for problem in stage.box.problems[:20]]
    return report


class _Memory:
    """The desk's resident memory in MB, and its growth in the second half of a run."""

    def __init__(self, pid: int, conversations: int) -> None:
        self._pid = pid
        self._half = max(1, conversations // 2)
        self._at_half = 0.0

    def note(self, done: int) -> None:
        if done == self._half:
            self._at_half = self.now()

    def growth(self) -> float:
        return self.now() - self._at_half

    def now(self) -> float:
        return read_megabytes(self._pid)
