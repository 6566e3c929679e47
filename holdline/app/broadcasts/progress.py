"""The progress of a broadcast: a bar on a terminal, plain lines otherwise."""

import asyncio

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from holdline.desk.broadcasts.reading import BroadcastProgress, progress_of
from holdline.dialogs.broadcasts.broadcast import BroadcastStatus
from holdline.dialogs.broadcasts.stars import stars_text
from holdline.dialogs.marketing.customer_days import CAP_PER_DAY, QUIET_HOURS
from holdline.store.engine import Store

LOOK_SECONDS, PLAIN_EVERY = 1.0, 30
_OVER = (BroadcastStatus.DONE, BroadcastStatus.CANCELLED)
_NAMES = ("sent", "held", "waiting", "blocked", "failed", "expired", "cancelled")


async def follow(store: Store, broadcast_id: int) -> BroadcastProgress:
    """Waits until the broadcast is done or cancelled, also by another process. Keeps waiting while it is paused."""
    console, looks = Console(stderr=True), 0
    with _bar(console) as bar:
        task = bar.add_task("broadcast", total=None)
        while True:
            progress = await store.read(progress_of, broadcast_id=broadcast_id)
            figures = progress.figures
            bar.update(
                task,
                total=figures.recipients,
                completed=figures.settled,
                description=progress_line(progress),
            )
            if progress.broadcast.status in _OVER:
                return progress
            if not console.is_terminal and looks % PLAIN_EVERY == 0:
                console.print(progress_line(progress))
            looks += 1
            await asyncio.sleep(LOOK_SECONDS)


def progress_line(progress: BroadcastProgress) -> str:
    """`sending: 120 sent, 78 waiting, 60 of them for quiet hours until 08:00 their time, about 4 s`; no zeros."""
    figures = [(name, getattr(progress.figures, name)) for name in _NAMES]
    parts = [f"{number} {name}" for name, number in figures if number] or ["nobody"]
    left = [f"about {progress.eta_seconds} s"] if progress.eta_seconds else []
    quiet, cap = progress.put_off_text(QUIET_HOURS), progress.put_off_text(CAP_PER_DAY)
    if quiet and progress.quiet_until:
        parts.append(f"{quiet} of them for quiet hours until {progress.quiet_until:%H:%M} their time")
    if cap:
        parts.append(f"{cap} of them for their next day")
    paid = progress.paid
    stars = [f"{stars_text(paid.spent)} of {stars_text(paid.budget)} Stars"] if paid else []
    return f"{progress.broadcast.status.value}: {', '.join([*parts, *stars, *left])}"


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)
