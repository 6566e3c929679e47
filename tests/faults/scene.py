"""The scene of a fault: a sandbox in this process, the desk in its own process, and control of both."""

import asyncio
import json
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from holdline.app.configuration import load_configuration
from holdline.app.open_store import open_store
from holdline.desk.people.keys import create_key
from holdline.lab.replay.stage_setup import free_port
from holdline.lab.replay.witness import Witness
from holdline.sandbox import SEED_GROUP, SEED_MANAGERS, Sandbox, SandboxOptions
from tests.faults import victims
from tests.faults.forks import Forked
from tests.faults.ledger import waiting
from tests.faults.weather import Weather

TOKEN = "123456:faults"
SECRET = "a-webhook-secret"
PATIENCE_SECONDS = 300.0
"""It ends what would hang. A desk that is killed every few seconds may need minutes for an answer on a busy machine."""
STOP_SECONDS = 10.0
A_LOOK, A_SESSION = 0.02, 0.2
"""Pauses between looks: each one into PostgreSQL costs a session, which is some ten milliseconds of a processor."""


class Line:
    """The address of the pretend Telegram, where somebody listens or nobody does."""

    def __init__(self, box: Sandbox) -> None:
        self._box, self._port = box, free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._serving: AsyncExitStack | None = None

    async def up(self) -> None:
        self._serving = AsyncExitStack()
        await self._serving.enter_async_context(self._box.serve(port=self._port))

    async def down(self) -> None:
        """Connections are refused from now on."""
        if self._serving is not None:
            serving, self._serving = self._serving, None
            await serving.aclose()


@dataclass
class Scene:
    """`witness` sees what appears at Telegram; `desk` is the process that runs now, or ran last."""

    box: Sandbox
    line: Line
    witness: Witness
    http: aiohttp.ClientSession
    api: str
    config: Path
    store_url: str
    seed: int
    weather: Weather
    desk: Forked | None = None
    starts: int = 0
    recoveries: list[float] = field(default_factory=list)

    @property
    def dice(self) -> random.Random:
        return random.Random(self.seed)

    def start(self, victim: Callable[..., int] = victims.desk, *before: Any) -> Forked:
        """The program, whole or tampered with."""
        assert self.desk is None or not self.desk.alive
        self.starts += 1
        self.desk = self.run(victim, *before, "run", log=f"desk-{self.starts}.log")
        return self.desk

    def run(self, victim: Callable[..., int], *arguments: Any, log: str) -> Forked:
        """A command with this scene's configuration."""
        return Forked(victim, *arguments, "--config", str(self.config), log=self.config.parent / log)

    async def at_work(self) -> None:
        """Until the process that was just started has asked Telegram for updates (or accepts webhook calls)."""
        began, desk = time.monotonic(), self.desk
        asked = asyncio.Event()

        def look(method: str, params: dict[str, Any]) -> None:
            if method in ("getUpdates", "setWebhook"):
                asked.set()

        self.weather.rules.insert(0, look)
        try:
            while not asked.is_set() and desk is not None and desk.alive:
                with suppress(TimeoutError):
                    await asyncio.wait_for(asked.wait(), 0.05)
                assert time.monotonic() - began < PATIENCE_SECONDS, f"never at work: {desk.said()}"
        finally:
            self.weather.rules.remove(look)
        self.recoveries.append(time.monotonic() - began)

    async def stopped(self, signals: Sequence[int] = (signal.SIGTERM,)) -> float:
        """An orderly stop: exit code 0, in less than ten seconds; how many it took."""
        assert self.desk is not None
        began = time.monotonic()
        for number in signals:
            self.desk.signal(number)
            await asyncio.sleep(0.02)
        code = await self.desk.ended(STOP_SECONDS)
        assert code == 0, self.desk.said()
        return time.monotonic() - began

    async def killed(self) -> None:
        assert self.desk is not None
        self.desk.kill()
        assert await self.desk.ended(STOP_SECONDS) == -signal.SIGKILL, self.desk.said()

    async def ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        """The HTTP API as a patient tool asks it: again, with the same key, until it is answered."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        headers = {"Idempotency-Key": key} if key else {}
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                answered = self.http.request(method, f"{self.api}/api/v1/{path}", json=body, headers=headers)
                async with answered as answer:
                    said = await answer.json()
                    assert answer.status < 400 or answer.status >= 500, f"{method} {path}: {said}"
                    if answer.status < 400:
                        return said
            assert time.monotonic() < deadline, f"never answered: {method} {path}"
            await asyncio.sleep(0.05)

    async def until_idle(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Until the desk has nothing more to hear or to say."""
        await self.until(
            lambda: not waiting(self.store_url), "nothing to hear and to say", seconds, pause=A_SESSION
        )

    async def until(
        self, test: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS, *, pause: float = A_LOOK
    ) -> Any:
        """What `test` finds, looked for again after each `pause`."""
        deadline = time.monotonic() + seconds
        while not (found := test()):
            assert time.monotonic() < deadline, f"never: {what}; seed {self.seed}; {self._said()}"
            await asyncio.sleep(pause)
        return found

    async def examined(self) -> None:
        """With the desk stopped: `holdline doctor` finds nothing."""
        doctor = self.run(victims.desk, "doctor", log="doctor.log")
        assert await doctor.ended(PATIENCE_SECONDS) == 0, doctor.said()

    def complaints(self) -> list[dict[str, Any]]:
        """What the desk itself logged as an error, over all its runs."""
        found = []
        for log in sorted(self.config.parent.glob("desk-*.log")):
            for line in log.read_text(errors="replace").splitlines():
                row = json.loads(line) if line.startswith("{") else {"level": "error", "event": line}
                if row.get("level") in ("error", "critical"):
                    found.append(row)
        return found

    def _said(self) -> str:
        return self.desk.said() if self.desk else "no desk has run"


@asynccontextmanager
async def scene(
    folder: Path,
    store_url: str,
    seed: int,
    *,
    webhook: bool = False,
    limits: bool = False,
    telegram: dict[str, object] | None = None,
    store: dict[str, object] | None = None,
    **options: Any,
) -> AsyncIterator[Scene]:
    """Everything but the desk's process: that is for the test to start. `limits` keeps the usual pace.

    `telegram` and `store`: keys of those sections which differ.
    """
    print(f"seed {seed}")
    box = Sandbox(
        SandboxOptions(
            token=TOKEN,
            calls_kept=100_000,
            events_kept=200_000,
            webhook_retry_base=0.05,
            conflict_pause=0.01,
            **options,
        )
    )
    weather = Weather()
    box.tg.faults = weather
    port = free_port()
    async with AsyncExitStack() as stack:
        line = Line(box)
        await line.up()
        stack.push_async_callback(line.down)
        more = telegram or {}
        kept: dict[str, object] = {"url": store_url, "reserve_megabytes": 0} | (store or {})
        config = _written(folder, line.url, port, kept, webhook=webhook, limits=limits, telegram=more)
        async with open_store(load_configuration(config), may_create=True) as opened:
            key = await opened.act(create_key, name="faults", scopes=("send", "read", "desk"))
        http = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {key}"}, timeout=aiohttp.ClientTimeout(total=30)
        )
        await stack.enter_async_context(http)
        witness, over = Witness(box), asyncio.Event()
        watching = asyncio.get_running_loop().create_task(witness.watch(over))
        made = Scene(box, line, witness, http, f"http://127.0.0.1:{port}", config, store_url, seed, weather)
        try:
            yield made
        finally:
            over.set()
            await watching
            if made.desk is not None:
                made.desk.kill()


def _written(
    folder: Path,
    url: str,
    port: int,
    store: dict[str, object],
    *,
    webhook: bool,
    limits: bool,
    telegram: dict[str, object],
) -> Path:
    """The configuration's path; with room for any pace unless `limits`."""
    sections: dict[str, dict[str, object]] = {
        "telegram": {
            "token": TOKEN,
            "api_base": url,
            "staff_group": SEED_GROUP,
            "admins": sorted(SEED_MANAGERS),
        },
        "store": store,
        "web": {"port": port, "webhooks_to_private": True},
        "desk": {"undo_seconds": 0},
        "log": {"level": "warning"},
    }
    sections["telegram"] |= telegram
    if webhook:
        sections["telegram"] |= {
            "intake": "webhook",
            "webhook_url": f"http://127.0.0.1:{port}/hook",
            "webhook_secret": SECRET,
        }
    if not limits:
        sections["limits"] = {"per_second": 0, "per_chat_per_second": 0, "group_per_minute": 0}
    path = folder / "holdline.toml"
    path.write_text("\n".join(_section(name, keys) for name, keys in sections.items()))
    path.chmod(0o600)
    return path


def _section(name: str, keys: dict[str, object]) -> str:
    """JSON's strings, numbers, lists, true and false are TOML's too."""
    return "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())])
