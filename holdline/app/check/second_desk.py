"""Says that a desk of this configuration is running already, where the port alone would say only that it is taken."""

import os
from contextlib import suppress

from holdline.app.command_failed import CommandFailed
from holdline.app.configuration import Configuration
from holdline.app.open_store import absent_database_file, open_store
from holdline.scheduler.leadership import process_here
from holdline.store.engines import leases
from holdline.store.errors import StoreUnavailable
from holdline.store.tx import Tx

_DUTIES = ("intake", "sender")


async def refuse_second_desk(configuration: Configuration, role: str) -> None:
    """Called when the port is taken. Raises CommandFailed if a process of this desk lives on this machine.

    `role` is that of the new process, as in `holdline run --role`.
    """
    if absent_database_file(configuration) is not None:
        return
    process = None
    with suppress(CommandFailed, StoreUnavailable):
        async with open_store(configuration) as store:
            process = await store.read(_process_here, (role,) if role in _DUTIES else _DUTIES)
    if process is None:
        return
    if role in _DUTIES:
        raise CommandFailed(
            f"the {role} of this desk is running here already, as process {process}. A second one that waits to take "
            "over needs a port of its own on this machine: set HOLDLINE_WEB__PROBE_PORT for it."
        )
    raise CommandFailed(
        f"this desk is running already, as process {process}; `holdline check` looks at it. To start it anew, stop "
        f"that one first: `systemctl stop holdline` if it is a service, Ctrl-C in its window, or `kill {process}`."
    )


def _process_here(tx: Tx, duties: tuple[str, ...]) -> int | None:
    """The first of these duties that a living process of this machine holds."""
    for duty in duties:
        lease = leases.current(tx, duty)
        if lease is None or not leases.is_held(lease):
            continue
        process = process_here(lease["holder"])
        if process is not None and _is_alive(process):
            return process
    return None


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
