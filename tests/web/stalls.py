"""How long others wait while much is read: `python -m tests.web.stalls [dialogs] [callers]`.

A desk with so many dialogs answers over a real socket in a process of its own; callers fetch the whole report at once
while a probe, a small reading and a small write are asked every 20 ms.
"""

import asyncio
import socket
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import psutil

from holdline.app.web_server import bind_listener, serve
from holdline.desk.people import keys
from holdline.dialogs.text.api_key import SCOPES
from holdline.store.engine import Store
from holdline.web.app import build_app
from tests.conftest import BOT
from tests.web.conftest import ANNA, a_desk
from tests.web.crowd import crowd

EVERY_SECONDS = 0.02
Call = tuple[str, str, dict[str, Any] | None]
OFFER = {"customer": {"telegram_id": ANNA.telegram_id}, "class": "funnel", "text": "Only today"}
CALLS: dict[str, Call] = {
    "alive": ("GET", "/healthz", None),
    "reads": ("GET", "/api/v1/customers/1/gate", None),
    "writes": ("POST", "/api/v1/outbound", OFFER),
}


async def serving(path: str, descriptor: int) -> None:
    store = Store(f"sqlite:///{path}", bot_id=BOT)
    await store.start()
    await serve(build_app(store), socket.socket(fileno=descriptor), asyncio.Event())


async def filled(path: Path, many: int) -> str:
    store = Store(f"sqlite:///{path}", bot_id=BOT)
    await store.start()
    await store.act(a_desk)
    await store.act(crowd, many=many)
    secret = await store.act(keys.create_key, name="stalls", scopes=SCOPES)
    await store.close()
    return secret


async def asked(client: httpx.AsyncClient, call: Call, over: asyncio.Event) -> list[float]:
    took = []
    while not over.is_set():
        begun = perf_counter()
        (await client.request(call[0], call[1], json=call[2])).raise_for_status()
        took.append(perf_counter() - begun)
        await asyncio.sleep(EVERY_SECONDS)
    return sorted(took)


async def fetched(client: httpx.AsyncClient) -> tuple[float, int, int]:
    begun, size = perf_counter(), 0
    async with client.stream("GET", "/api/v1/reports/dialogs.csv") as answer:
        async for piece in answer.aiter_bytes():
            size += len(piece)
    return perf_counter() - begun, size, answer.status_code


async def measured(url: str, secret: str, *, callers: int, process: psutil.Process) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=120) as client:
        for method, path, body in CALLS.values():
            await client.request(method, path, json=body)  # the first call of each kind builds what it needs
        over, before = asyncio.Event(), process.memory_info().rss
        probes = [asyncio.ensure_future(asked(client, call, over)) for call in CALLS.values()]
        reports = await asyncio.gather(*(fetched(client) for _ in range(callers)))
        after = process.memory_info().rss
        over.set()
        waits = dict(zip(CALLS, await asyncio.gather(*probes), strict=True))
    return {
        "reports": [f"{seconds:.2f} s {size:,} B {status}" for seconds, size, status in reports],
        "grown MB": round((after - before) / 1e6),
        **{f"{name}: longest, median ms": _figures(took) for name, took in waits.items()},
    }


def _figures(took: list[float]) -> tuple[int, int]:
    return round(took[-1] * 1000), round(took[len(took) // 2] * 1000)


async def main(many: int, callers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        secret = await filled(path, many)
        listener = bind_listener("127.0.0.1", 0)
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.web.stalls", "serve", str(path), str(listener.fileno()),
            pass_fds=[listener.fileno()],
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            found = await measured(url, secret, callers=callers, process=psutil.Process(server.pid))
        finally:
            server.kill()
            await server.wait()
    for name, figure in found.items():
        print(f"{name}: {figure}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serving(sys.argv[2], int(sys.argv[3])))
    else:
        asyncio.run(main(*(int(word) for word in [*sys.argv[1:], "60000", "4"][:2])))
