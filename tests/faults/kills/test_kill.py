"""kill -9 in the middle of real sending: a real process, a real socket, a real database file.

The Bot API here counts what it carried out and hangs now and then, so that the kill hits calls on the wire.
"""

import asyncio
import json
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web

from holdline.store.delivery import outbox
from holdline.store.engine import Store
from tests.conftest import BOT
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.forks import Forked
from tests.faults.ledger import engine_of
from tests.faults.outgoing import reply_to
from tests.faults.victims import FREE, send_until_killed
from tests.local_server import serve_locally

CHATS, KILLS = 20, get_size("HOLDLINE_KILLS", 5)
MESSAGES = 400 + 40 * KILLS


class Telegram:
    """Carries out what it is told, slowly, and remembers. It keeps its answers to itself unless `answers` is set."""

    def __init__(self) -> None:
        self.answers = asyncio.Event()
        self.answers.set()
        self.asked = asyncio.Event()
        self.arrived: dict[int, list[str]] = defaultdict(list)
        self.flying: Counter[int] = Counter()
        self.together = 0
        self.ids = count(1)
        self.url = ""

    @property
    def copies(self) -> Counter[str]:
        return Counter(text for texts in self.arrived.values() for text in texts)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        params = json.loads(await request.read())
        if "chat_id" in params:
            self.arrived[params["chat_id"]].append(params["text"])
            self.asked.set()
            await asyncio.sleep(0.005)
            await self.answers.wait()
        return web.json_response({"ok": True, "result": {"message_id": next(self.ids)}})


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    async with serve_locally(telegram.handle) as telegram.url:
        yield telegram


async def sent_so_far(store: Store) -> int:
    row = await store.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM outbox WHERE status = 'sent'"))
    return int(row["n"]) if row else 0


async def until_sent(store: Store, wanted: int, seconds: float = 60) -> None:
    """Until so many were sent."""
    deadline = time.monotonic() + seconds
    while await sent_so_far(store) < wanted:
        assert time.monotonic() < deadline, "never sent"
        await asyncio.sleep(0.02)


@pytest.mark.row("O-03")
async def test_kill_nine_loses_nothing_and_repeats_only_calls_in_flight(
    store_url: str, telegram: Telegram, tmp_path: Path
) -> None:
    store = Store(store_url, bot_id=BOT, rules=FREE)
    await store.start()
    words = [reply_to(1 + n % CHATS, f"{n:06}") for n in range(MESSAGES)]
    await store.act(outbox.add, words)
    dice, epochs = random.Random(get_seed(7)), 0
    for kill in range(KILLS + 1):
        process = Forked(send_until_killed, store_url, telegram.url, log=tmp_path / "sender.log")
        more = await sent_so_far(store) + dice.randrange(1, 60)
        await until_sent(store, MESSAGES if kill == KILLS else min(more, MESSAGES))
        process.kill()
        assert await process.ended(10) == -signal.SIGKILL, process.said()
        epochs += 1
    rows = await store.read(lambda tx: tx.all("SELECT key, status, attempts, uncertain FROM outbox"))
    await store.close()
    copies = telegram.copies
    doubts = sum(row["uncertain"] for row in rows)
    report(
        Figures(
            tried=epochs,
            lost=sum(not copies[row["key"]] for row in rows),
            doubled=sum(max(0, copies[row["key"]] - 1 - row["uncertain"]) for row in rows),
            broken=sum(row["status"] != "sent" for row in rows),
            seed=get_seed(7),
            note=f"sender on {engine_of(store_url)}: {copies.total() - len(copies)} repeats of {doubts} in flight",
        )
    )
    assert epochs == KILLS + 1 and {row["status"] for row in rows} == {"sent"}
    assert all(1 <= copies[row["key"]] <= 1 + row["uncertain"] for row in rows)
    for texts in telegram.arrived.values():
        firsts = list(dict.fromkeys(texts))
        assert firsts == sorted(firsts), "order broken"


@pytest.mark.row("O-03")
async def test_a_chat_with_a_call_in_flight_continues_at_once_after_a_kill(
    store_url: str, telegram: Telegram, tmp_path: Path
) -> None:
    """Its lease lasts thirty seconds; who is surely dead need not be waited for."""
    store = Store(store_url, bot_id=BOT, rules=FREE)
    await store.start()
    said = [reply_to(1, key) for key in ("a", "b")]
    telegram.answers.clear()
    await store.act(outbox.add, said)
    process = Forked(send_until_killed, store_url, telegram.url, log=tmp_path / "sender.log")
    await asyncio.wait_for(telegram.asked.wait(), 30)
    process.kill()
    assert await process.ended(10) == -signal.SIGKILL, process.said()
    telegram.answers.set()
    began = time.monotonic()
    process = Forked(send_until_killed, store_url, telegram.url, log=tmp_path / "sender.log")
    await until_sent(store, 2, seconds=20)
    print(f"at work again after {time.monotonic() - began:.1f} s")
    process.kill()
    await process.ended(10)
    await store.close()
    assert telegram.arrived[1] == ["a", "a", "b"]
