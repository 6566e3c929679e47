"""One interpreter lock, one core: threads that hand a lock to each other are quickest where they share a cache."""

import os

import structlog

log = structlog.get_logger("run")


def stay_on_one_core() -> None:
    """Before any thread is made. Nothing where the system cannot do it, or has left us one core anyway.

    Which of the allowed cores is told by the process number, so that several desks on one machine spread.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) > 1:
        os.sched_setaffinity(0, {allowed[os.getpid() % len(allowed)]})
        log.debug("on_one_core", of=len(allowed))
