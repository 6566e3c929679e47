"""Runs work that only one process may do while it holds the lease."""

import asyncio

from holdline.scheduler.leadership import Leadership
from holdline.scheduler.loops import Fatal, Loop


def run_as_leader(lead: Leadership, work: Loop) -> Loop:
    """Runs `work` while `lead` is held. The lease is returned only after `work` has ended."""

    async def run(stop: asyncio.Event) -> None:
        await lead.take(stop)
        if not lead.held:
            return
        over = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(lead.keep(over))
                try:
                    await work(stop)
                finally:
                    over.set()
        except* Fatal as fatal:
            raise first_fatal(fatal) from None

    return run


def first_fatal(group: BaseExceptionGroup[Fatal]) -> Fatal:
    """The first Fatal inside nested exception groups of task groups."""
    inner = group.exceptions[0]
    return first_fatal(inner) if isinstance(inner, BaseExceptionGroup) else inner
