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

from holdline.app.main import invoke
from holdline.sandbox import SEED_GROUP, Sandbox
from tests.faults.forks import Forked

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
    probe_port: int = 0
    webhook_secret: str = ""
    public_url: str = ""
    mail: dict[str, str] = field(default_factory=dict)
    _started: int = 0

    @property
    def webhook_url(self) -> str:
        return self.public_url or f"http://127.0.0.1:{self.port}/telegram/updates"

    @property
    def config(self) -> Path:
        self._started += 1
        path = self.folder / f"desk{self._started}.toml"
        webhook = f'intake = "webhook"\nwebhook_url = "{self.webhook_url}"\nwebhook_secret = "{self.webhook_secret}"\n'
        path.write_text(
            f'[telegram]\ntoken = "{self.token}"\napi_base = "{self.api_base}"\n'
            f"staff_group = {self.group}\nadmins = [{ADMIN}]\n{webhook if self.webhook_secret else ''}"
            f'[store]\nurl = "{self.store_url}"\nreserve_megabytes = 0\n'
            "[mail]\n"
            + "".join(f'{key} = "{value}"\n' for key, value in self.mail.items())
            + f"[web]\nport = {self.port}\nprobe_port = {self.probe_port}\n"
            "[limits]\nper_chat_per_second = 50\ngroup_per_minute = 3000\n"
        )
        path.chmod(0o600)
        return path

    async def start(self, *arguments: str, cold: bool = False, tail: str = "") -> "Running":
        """`run` unless told otherwise. A fork of what has imported everything, unless `cold`: seconds less.

        `tail` is Python that runs after the end of a cold one.
        """
        config = self.config
        command = (*(arguments or ("run",)), "--config", str(config))
        out, err = config.with_suffix(".out"), config.with_suffix(".err")
        err.touch()
        port = self.probe_port if "intake" in arguments or "sender" in arguments else self.port
        running = Running(f"http://127.0.0.1:{port}", out, err)
        if cold or tail:
            running.process = await _from_nothing(command, tail, out, err)
        else:
            running.fork = Forked(invoke_apart, *command, str(err), log=out)
        return running


@dataclass
class Running:
    """What a person at the terminal could do with it; exactly one of `process` and `fork` is there."""

    url: str
    out: Path
    err: Path
    process: asyncio.subprocess.Process | None = None
    fork: Forked | None = None

    @property
    def pid(self) -> int:
        found = self.process or self.fork
        assert found is not None
        return found.pid

    @property
    def ended(self) -> bool:
        return (
            not self.fork.alive if self.fork else self.process is None or self.process.returncode is not None
        )

    def hears(self, number: int) -> None:
        os.kill(self.pid, number)

    async def probe(self) -> dict[str, Any]:
        """What /readyz says; {} while nobody listens."""
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/readyz") as answer:
                found: dict[str, Any] = await answer.json()
                return found
        except aiohttp.ClientError:
            return {}

    async def ready(self) -> None:
        """Until /readyz says so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and not self.ended:
            if (await self.probe()).get("ready"):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"never ready: {self.err.read_text()}")

    async def code(self) -> int:
        """Once it has ended."""
        if self.fork is not None:
            return await self.fork.ended(PATIENCE_SECONDS)
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), PATIENCE_SECONDS)

    async def stopped(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Exit code and the seconds it took."""
        began = time.monotonic()
        self.hears(number)
        return await self.code(), time.monotonic() - began

    async def said(self) -> tuple[str, str]:
        """Everything on standard output and error, once it has ended."""
        await self.code()
        return self.out.read_text(), self.err.read_text()

    async def killed(self) -> None:
        if not self.ended:
            os.kill(self.pid, signal.SIGKILL)
            await self.code()


def invoke_apart(*arguments: str) -> int:
    """In the fork: the command line, its standard error in a file of its own (the last argument)."""
    *command, errors = arguments
    file = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 2)
    for name in [name for name in os.environ if name.startswith("HOLDLINE_")]:
        del os.environ[name]
    return invoke(command)


async def _from_nothing(
    command: tuple[str, ...], tail: str, out: Path, err: Path
) -> asyncio.subprocess.Process:
    code = (
        "import sys; from holdline.app.main import invoke; code = invoke(sys.argv[1:]); "
        f"{tail or 'pass'}; sys.exit(code)"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HOLDLINE_")}
    with out.open("wb") as said, err.open("wb") as complained:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            code,
            *command,
            env={**clean, "PYTHONPATH": str(ROOT)},
            stdout=said,
            stderr=complained,
        )


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
