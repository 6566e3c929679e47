"""How often the sender waits for PostgreSQL in one turn, counted on the wire between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from holdline.desk.delivery.delivery import settle_and_start
from holdline.desk.delivery.start import SendOptions, StartedCall
from holdline.dialogs.address import Address
from holdline.dialogs.outbox.messages import Mirror
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rules import DeskRules
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.engines import leases
from holdline.store.errors import UniqueConflict
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Sent
from tests.conftest import BOT

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
GROUP = -1001234567890
FREE = DeskRules(staff_group=GROUP, per_second=0, per_chat_per_second=0, group_per_minute=0)
TERMS = SendOptions(
    epoch=1, holder="test", render=lambda tx, item: Call("sendMessage", {"chat_id": item["chat_id"]})
)


class Line:
    """Passes everything on; counts how often the server has said that it is ready for the next question."""

    def __init__(self) -> None:
        self.round_trips = 0
        self._rest = b""

    async def between(self, program: Stream, server: Stream) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._passes(program[0], server[1], counts=False))
            group.create_task(self._passes(server[0], program[1], counts=True))

    async def _passes(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, counts: bool) -> None:
        while data := await source.read(65536):
            if counts:
                self._count(data)
            to.write(data)
        to.close()
        await to.wait_closed()

    def _count(self, data: bytes) -> None:
        """Each message of the server is a letter, its length and so many bytes; Z: ready."""
        self._rest += data
        while len(self._rest) >= 5 and len(self._rest) > (size := int.from_bytes(self._rest[1:5], "big")):
            self.round_trips += self._rest[:1] == b"Z"
            self._rest = self._rest[size + 1 :]


@asynccontextmanager
async def counted(url: str) -> AsyncIterator[tuple[str, list[Line]]]:
    """An address that leads to the same database, and a line for each connection over it."""
    parts, lines, over = urlsplit(url), list[Line](), list[asyncio.Task[None]]()
    socket = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"

    async def connected(*program: Any) -> None:
        lines.append(line := Line())
        over.append(asyncio.create_task(line.between(program, await asyncio.open_unix_connection(socket))))

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}?sslmode=disable", lines
        await asyncio.gather(*over)


async def burst(store: Store, number: int) -> None:
    item = Mirror()
    await store.act(leases.seize, "sender", "me", seconds=15)
    await store.act(
        outbox.add, [Outgoing(Address(GROUP), key=f"line{one}", item=item) for one in range(number)]
    )


async def turn(store: Store, settled: list[StartedCall]) -> list[StartedCall]:
    pairs = [(one, Sent({"message_id": one.outbox_id + 100})) for one in settled]
    return (await store.act(settle_and_start, settled=pairs, limit=8, options=TERMS)).started


@pytest.fixture
async def over_the_line(postgres_copy: str) -> AsyncIterator[tuple[Store, list[Line]]]:
    async with counted(postgres_copy) as (url, lines):
        store = Store(url, bot_id=BOT, rules=FREE)
        await store.start()
        yield store, lines
        await store.close()


async def test_a_sender_tick_makes_at_most_ten_round_trips(
    over_the_line: tuple[Store, list[Line]],
) -> None:
    store, lines = over_the_line
    await burst(store, 12)
    begun = await turn(store, [])
    for _ in range(6):
        before = sum(line.round_trips for line in lines)
        (one,) = begun = await turn(store, begun)
        assert sum(line.round_trips for line in lines) - before <= 10
    assert one.outbox_id == 7


async def test_posted_statements_are_rolled_back_with_their_transaction(postgres_copy: str) -> None:
    store = Store(postgres_copy, bot_id=BOT)
    await store.start()

    def twice(tx: Tx) -> None:
        for _ in range(2):
            tx.post("INSERT INTO settings (bot_id, name, value_json) VALUES (:bot, 'x', '1')", bot=tx.bot_id)

    def fails(tx: Tx) -> None:
        tx.post("INSERT INTO settings (bot_id, name, value_json) VALUES (:bot, 'y', '1')", bot=tx.bot_id)
        assert tx.one("SELECT 1 AS yes FROM settings WHERE name = 'y'") == {"yes": 1}, "in their order"
        raise ValueError

    with pytest.raises(UniqueConflict):
        await store.act(twice)
    with pytest.raises(ValueError):
        await store.act(fails)
    assert await store.read(lambda tx: tx.all("SELECT name FROM settings WHERE name IN ('x', 'y')")) == []
    await store.close()
