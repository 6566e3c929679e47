"""The tagger in its own process, with line-based messages and a timeout for every wait."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TRAINING_SECONDS, ANSWER_SECONDS, STOP_SECONDS = 3600.0, 60.0, 5.0
_LONGEST_LINE = 1 << 20
COMMAND = (sys.executable, "-m", "holdline.tagger")


class TaggerFailed(Exception):
    """The tagger could not be started, ended without an answer, or took too long. The sentence is for the log."""


def is_installed() -> bool:
    """Whether the libraries of the extra are installed. They are not imported for this check."""
    return find_spec("sklearn") is not None


async def train(
    examples: AsyncIterator[dict[str, Any]], file: Path, *, on_step: Callable[[str], None]
) -> dict[str, Any]:
    """Returns {"trained": {…}} or {"refused": reason, …}. `on_step` is called for each step."""
    process = await _start("train", str(file))
    try:
        async with asyncio.timeout(TRAINING_SECONDS):
            async for example in examples:
                await _write(process, example)
            await _write(process, {"end": True})
            while "step" in (message := await _read(process)):
                on_step(message["step"])
            return message
    except TimeoutError:
        raise TaggerFailed(f"it was not trained within {TRAINING_SECONDS:.0f} s") from None
    finally:
        await _end(process)


class Tagger:
    """Answers with one model. The process is started by the first question, and again by the first question about
    another model.
    """

    def __init__(self) -> None:
        self.process: Process | None = None
        self._loaded: tuple[Path, str] | None = None

    async def find(
        self, text: str, *, file: Path, checksum: str, threshold: float, most: int
    ) -> list[tuple[str, float]]:
        """Returns the suggested tags, most likely first. Raises TaggerFailed if the answer cannot be read."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                process = await self._at_work(file, checksum)
                await _write(process, {"text": text, "threshold": threshold, "most": most})
                message = await _read(process)
        except TimeoutError:
            await self.close()
            raise TaggerFailed(f"it did not answer within {ANSWER_SECONDS:.0f} s") from None
        except BaseException:  # half a question must not be answered to the next one
            await self.close()
            raise
        if "tags" not in message:
            await self.close()
            raise TaggerFailed(str(message.get("failed", message)))
        return [(str(tag), float(share)) for tag, share in message["tags"]]

    async def close(self) -> None:
        """Ends the process to free its memory. The next question starts it again."""
        process, self.process, self._loaded = self.process, None, None
        if process is not None:
            await _end(process)

    async def _at_work(self, file: Path, checksum: str) -> Process:
        if self.process is None or self._loaded != (file, checksum):
            await self.close()
            self.process, self._loaded = await _start("answer", str(file), checksum), (file, checksum)
        return self.process


async def _start(*arguments: str) -> Process:
    if not is_installed():
        raise TaggerFailed("scikit-learn is not installed: pip install 'holdline[tags]'")
    return await asyncio.create_subprocess_exec(
        *COMMAND, *arguments, stdin=PIPE, stdout=PIPE, limit=_LONGEST_LINE
    )


async def _write(process: Process, line: dict[str, Any]) -> None:
    """Writes a line. If the process has ended, nothing is written; the caller then reads its last line, or sees that it
    ended.
    """
    assert process.stdin is not None
    with suppress(ConnectionError, RuntimeError):  # uvloop names a closed pipe by a RuntimeError
        process.stdin.write((json.dumps(line) + "\n").encode())
        await process.stdin.drain()


async def _read(process: Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise TaggerFailed(f"it ended without an answer (exit code {process.returncode})")
    return message


async def _end(process: Process) -> None:
    """Ends the process by closing its input, or kills it if it does not react."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
