"""The real program in a process of its own, beside a sandbox in the test."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from holdline.sandbox import SEED_GROUP, Sandbox

ROOT = Path(__file__).parents[2]
ADMIN = 111111111
PATIENCE_SECONDS = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Desk:
    """One configuration; `start` may be called again after a stop."""

    folder: Path
    api_base: str
    token: str
    store_url: str = "sqlite:///holdline.db"
    group: int = SEED_GROUP
    port: int = field(default_factory=free_port)

    @property
    def config(self) -> Path:
        path = self.folder / "desk.toml"
        path.write_text(
            f'[telegram]\ntoken = "{self.token}"\napi_base = "{self.api_base}"\n'
            f"staff_group = {self.group}\nadmins = [{ADMIN}]\n"
            f'[store]\nurl = "{self.store_url}"\n[web]\nport = {self.port}\n'
            "[limits]\nper_chat_per_second = 50\ngroup_per_minute = 3000\n"
        )
        path.chmod(0o600)
        return path

    async def start(self, *arguments: str, tail: str = "") -> "Running":
        """`run` unless told otherwise; `tail` is Python that runs after the program's end."""
        code = (
            "import sys; from holdline.app.main import invoked; code = invoked(sys.argv[1:]); "
            f"{tail or 'pass'}; sys.exit(code)"
        )
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HOLDLINE_")}
        command = (*(arguments or ("run",)), "--config", str(self.config))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            code,
            *command,
            env={**clean, "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return Running(process, f"http://127.0.0.1:{self.port}")


@dataclass
class Running:
    """What a person at the terminal could do with it."""

    process: asyncio.subprocess.Process
    url: str

    async def ready(self) -> None:
        """Until /readyz says so."""
        async with aiohttp.ClientSession() as session:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < deadline and self.process.returncode is None:
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError(f"never ready: {await self.said()}")

    async def stopped(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Exit code and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        await self.said()
        return self.process.returncode or 0, time.monotonic() - began

    async def said(self) -> tuple[str, str]:
        """Everything on standard output and error, once it has ended."""
        out, err = await asyncio.wait_for(self.process.communicate(), PATIENCE_SECONDS)
        return out.decode(), err.decode()

    async def killed(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
            await self.process.communicate()


async def until(test: Callable[[], Any], what: str) -> None:
    """A condition with a deadline; never a sleep instead of one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not test():
        if time.monotonic() > deadline:
            raise AssertionError(f"never: {what}")
        await asyncio.sleep(0.02)


def seen_in_group(box: Sandbox, words: str) -> int:
    """How often the staff group shows these words."""
    return sum(words in str(message.get("text", "")) for message in box.messages(SEED_GROUP))
