"""Pictures and tables for spreadsheets, made by a program of its own, one at a time."""

import atexit
import importlib.util
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer

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


class Drawing:
    """The program that draws. It is kept after a picture, and ends by itself when it has rested for a minute."""

    def __init__(self) -> None:
        self._program: subprocess.Popen[bytes] | None = None
        atexit.register(self.end)

    def draw(self, chart: bytes) -> bytes:
        """A program that has just gone to rest is started again."""
        picture = self._ask(chart) or self._ask(chart)
        if picture is None:
            raise FileNotMade(FAILED)
        return picture

    def end(self) -> None:
        """It holds nothing that could be lost."""
        program, self._program = self._program, None
        if program is not None:
            program.kill()
            _end(program)

    def _ask(self, chart: bytes) -> bytes | None:
        """None where the program is at rest; CalledProcessError where it failed, or drew for too long."""
        if self._program is not None and self._program.poll() is not None:
            self.end()
        program, self._program = self._program or _start_drawing(), None
        patience = Timer(SECONDS, program.kill)
        patience.start()
        try:
            picture = _exchange(program, chart)
        finally:
            patience.cancel()
        if picture is not None:
            self._program = program
        elif code := _end(program):
            raise subprocess.CalledProcessError(code, program.args)
        return picture


def _start_drawing() -> subprocess.Popen[bytes]:
    """In a session of its own: a Ctrl+C is for the desk, and the program ends with it."""
    command = [sys.executable, "-P", str(_PROGRAM), "png"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def _exchange(program: subprocess.Popen[bytes], chart: bytes) -> bytes | None:
    """The picture; None where the program ends instead."""
    assert program.stdin is not None and program.stdout is not None
    with suppress(BrokenPipeError):
        program.stdin.write(b"%d\n%b" % (len(chart), chart))
        program.stdin.flush()
        if length := program.stdout.readline():
            picture = program.stdout.read(int(length))
            return picture if len(picture) == int(length) else None
    return None


def _end(program: subprocess.Popen[bytes]) -> int:
    """What it ended with."""
    with suppress(BrokenPipeError), program:
        pass
    return program.wait()


DRAWING = Drawing()


def make_file(format_: str, pieces: Iterable[bytes]) -> bytes:
    """Blocks until it is made: for `FILE_THREAD`. FileNotMade where it cannot be."""
    if not is_installed(format_):
        raise FileNotMade(EXTRA_MISSING)
    try:
        return DRAWING.draw(b"".join(pieces)) if format_ == "png" else _write_table(pieces)
    except (OSError, subprocess.SubprocessError) as failed:
        raise FileNotMade(FAILED) from failed


def _write_table(rows: Iterable[bytes]) -> bytes:
    with TemporaryFile() as source:
        source.writelines(rows)
        source.seek(0)
        command = [sys.executable, "-P", str(_PROGRAM), "xlsx"]
        return subprocess.run(
            command, stdin=source, stdout=subprocess.PIPE, timeout=SECONDS, check=True
        ).stdout
