"""The SQLite file itself: private to its owner, and the same one for as long as the desk runs."""

import os
from pathlib import Path

from holdline.store.errors import StoreUnavailable

FileIdentity = tuple[int, int]
"""Device and inode: what tells a file from another one in its place."""


def ensure_private_file(path: Path) -> None:
    """Create the file readable by its owner only; an existing one is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def identity_of(path: Path) -> FileIdentity | None:
    """None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def require_same_file(path: Path, identity: FileIdentity | None) -> None:
    """A commit into a file that was deleted or replaced looks like any other and is lost with this process."""
    if identity_of(path) != identity:
        raise StoreUnavailable(
            f"the database file {path} was removed or replaced while the desk was running; nothing is"
            " acknowledged. Put that file back, or stop Holdline, put a backup there and start it again"
        )
