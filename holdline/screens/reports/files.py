"""Pictures and spreadsheets, made by a separate program, one at a time."""

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
"""The library that each format needs. Both belong to the extra `reports`."""
EXTRA_MISSING, FAILED = "extra_missing", "file_not_made"
SECONDS = 60.0
_PROGRAM = Path(__file__).with_name("file_program.py")

FILE_THREAD = ThreadPoolExecutor(1, "report-file")
"""The thread that waits for files, never the event loop. One thread, because two pictures at once take twice the
memory.
"""


class FileNotMade(Exception):
    """`reason`: the extra is missing, or the program failed. The program's own message is in the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_installed(format_: str) -> bool:
    return importlib.util.find_spec(LIBRARIES[format_]) is not None


class Drawing:
    """The drawing program. It is reused after a picture, and exits by itself after a minute without work."""

    def __init__(self) -> None:
        self._program: subprocess.Popen[bytes] | None = None
        atexit.register(self.end)

    def draw(self, chart: bytes) -> bytes:
        """Draws the picture. Starts the program again if it has just exited."""
        picture = self._ask(chart) or self._ask(chart)
        if picture is None:
            raise FileNotMade(FAILED)
        return picture

    def end(self) -> None:
        """Kills the program. Nothing is lost by it."""
        program, self._program = self._program, None
        if program is not None:
            program.kill()
            _end(program)

    def _ask(self, chart: bytes) -> bytes | None:
        """None if the program has exited. Raises CalledProcessError if it failed or took too long."""
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
    """Started in its own session: Ctrl+C goes to the desk only, which ends the program itself."""
    command = [sys.executable, "-P", str(_PROGRAM), "png"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def _exchange(program: subprocess.Popen[bytes], chart: bytes) -> bytes | None:
    """The picture, or None if the program exits instead."""
    assert program.stdin is not None and program.stdout is not None
    with suppress(BrokenPipeError):
        program.stdin.write(b"%d\n%b" % (len(chart), chart))
        program.stdin.flush()
        if length := program.stdout.readline():
            picture = program.stdout.read(int(length))
            return picture if len(picture) == int(length) else None
    return None


def _end(program: subprocess.Popen[bytes]) -> int:
    """Waits for the program and returns its exit code."""
    with suppress(BrokenPipeError), program:
        pass
    return program.wait()


DRAWING = Drawing()


def make_file(format_: str, pieces: Iterable[bytes]) -> bytes:
    """Blocks until the file is made, so call it in `FILE_THREAD`. Raises FileNotMade if that fails."""
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
