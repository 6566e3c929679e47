"""The SQLite file itself: readable by its owner only, and the same file for as long as the desk runs."""

import os
from pathlib import Path

from holdline.store.errors import StoreUnavailable

FileIdentity = tuple[int, int]
"""Device and inode, which distinguish a file from another one at the same path."""


def ensure_private_file(path: Path) -> None:
    """Creates the file, readable by its owner only; an existing one is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def identity_of(path: Path) -> FileIdentity | None:
    """The file's identity, or None if there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def require_same_file(path: Path, identity: FileIdentity | None) -> None:
    """Raises StoreUnavailable if the file was deleted or replaced: a commit into it would seem normal and be lost with
    this process.
    """
    if identity_of(path) != identity:
        raise StoreUnavailable(
            f"the database file {path} was removed or replaced while the desk was running; nothing is"
            " acknowledged. Put that file back, or stop Holdline, put a backup there and start it again"
        )
