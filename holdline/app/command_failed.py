"""The error that ends the program with sentences that a person can act on.

Also explains refused writes to a disk.
"""

import errno
from pathlib import Path


class CommandFailed(Exception):
    """`code` is the exit code: 1 a check failed, 2 the call, the configuration or its environment is wrong.

    `sentences` are printed one in a line; only a configuration may have several mistakes at once.
    """

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentences: tuple[str, ...] = (sentence,)


def say_disk_refusal(refused: OSError) -> str | None:
    """None if the error is of another kind."""
    if refused.errno not in (errno.EROFS, errno.ENOSPC):
        return None
    folder = Path(str(refused.filename)).parent if refused.filename else Path()
    if refused.errno == errno.EROFS:
        return say_read_only(folder)
    return f"the disk of {folder.absolute()} is full: free some space there, then run this again."


def say_read_only(folder: Path) -> str:
    return (
        f"the disk of {folder.absolute()} is read-only: mount it to read and write, then run this again. If it became "
        "so by itself, the disk may be failing; `holdline backup --to` makes a copy on another one."
    )
