"""Pictures and tables for spreadsheets, made by a program of its own, one at a time."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile

LIBRARIES = {"png": "vl_convert", "xlsx": "xlsxwriter"}
"""What each of them needs; both belong to the extra `reports`."""
EXTRA_MISSING, FAILED = "extra_missing", "file_not_made"
SECONDS = 60.0
_PROGRAM = Path(__file__).with_name("file_program.py")

FILE_THREAD = ThreadPoolExecutor(1, "report-file")
"""Where edges wait for a file: never in the loop, and two pictures at once would only take twice the memory."""


class FileNotMade(Exception):
    """`reason`: the extra is missing, or its program failed; what the program said stands in the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_installed(format_: str) -> bool:
    return importlib.util.find_spec(LIBRARIES[format_]) is not None


def make_file(format_: str, pieces: Iterable[bytes]) -> bytes:
    """Blocks until it is made: for `FILE_THREAD`. FileNotMade where it cannot be."""
    if not is_installed(format_):
        raise FileNotMade(EXTRA_MISSING)
    with TemporaryFile() as source:
        source.writelines(pieces)
        source.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-P", str(_PROGRAM), format_],
                stdin=source,
                stdout=subprocess.PIPE,
                timeout=SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as failed:
            raise FileNotMade(FAILED) from failed
    return done.stdout
