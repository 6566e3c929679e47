"""A disk of some megabytes that a test can really fill."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

MEGABYTE = 1024 * 1024
_PIECES = (65_536, 4096, 512, 1)


class SmallDisk:
    """A mounted tmpfs; `folder` is where the test's files go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    @property
    def free(self) -> int:
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def fill(self, *, leave: int = 0) -> None:
        """Until not one byte more can be written, or `leave` bytes are free."""
        with self._filler.open("ab", buffering=0) as file:
            for size in _PIECES:
                with suppress(OSError):
                    while self.free > leave:
                        file.write(b"x" * min(size, max(1, self.free - leave)))

    def clear(self) -> None:
        self._filler.unlink(missing_ok=True)

    @property
    def is_full(self) -> bool:
        """Whether a write is refused."""
        trial = self.folder / "trial"
        try:
            trial.write_bytes(b"x" * 4096)
        except OSError as refused:
            return refused.errno == errno.ENOSPC
        finally:
            trial.unlink(missing_ok=True)
        return False


@contextmanager
def small_disk(folder: Path, *, megabytes: int = 8) -> Iterator[SmallDisk]:
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "holdline-test", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
