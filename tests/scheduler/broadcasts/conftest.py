"""A whole broadcast with a clock moved by hand: ticks of the loop, started calls, answers of Telegram."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from holdline.desk.broadcasts.audience_size import count_audience
from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast
from holdline.desk.broadcasts.reading import BroadcastProgress, progress_of, recipients_page
from holdline.desk.dialogs.opening import open_dialog
from holdline.dialogs.broadcasts.audience_filter import EVERYBODY, AudienceFilter
from holdline.dialogs.broadcasts.broadcast import BroadcastAuthor
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.text.richtext import RichText
from holdline.scheduler.broadcast_loop import BroadcastLoop
from holdline.screens.render import render
from holdline.store.broadcasts.recipient_lists import RecipientLine
from holdline.store.people import customers as customer_rows
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Outcome
from tests.scheduler.conftest import Bench

FIRST = 520000000


@dataclass
class Mailing:
    """`ids`: the customers by their Telegram ids."""

    bench: Bench
    loop: BroadcastLoop
    ids: dict[int, int]

    async def people(self, number: int, **fields: Any) -> list[int]:
        """So many more who have started the bot; their Telegram ids."""
        before = len(self.ids)
        new = [FIRST + before + n for n in range(number)]

        def unit(tx: Tx) -> None:
            for telegram_id in new:
                row = tx.one(
                    """INSERT INTO customers (bot_id, telegram_id, name, created_at, started_at, last_wrote_at)
                       VALUES (:bot, :telegram, :name, :at, :at, :at) RETURNING id""",
                    bot=tx.bot_id,
                    telegram=telegram_id,
                    name=f"Guest {telegram_id - FIRST}",
                    at=tx.at,
                )
                assert row is not None
                self.ids[telegram_id] = row["id"]
                tx.run(
                    """INSERT INTO chats (bot_id, chat_id, customer_id, kind) VALUES (:bot, :chat, :id, 'private')""",
                    bot=tx.bot_id,
                    chat=telegram_id,
                    id=row["id"],
                )
                if fields:
                    customer_rows.set_fields(tx, row["id"], **fields)

        await self.bench.store.act(unit)
        return new

    async def tag(self, telegram_id: int, name: str) -> None:
        await self.bench.store.act(
            lambda tx: tx.run(
                "INSERT INTO customer_tags (customer_id, name) VALUES (:id, :name)",
                id=self.ids[telegram_id],
                name=name,
            )
        )

    async def create(
        self, *texts: str, audience: AudienceFilter = EVERYBODY, shares: tuple[int, ...] = (), **more: Any
    ) -> int:
        words = texts or ("Our sale has begun",)
        each = shares or (100,)
        variants = tuple(
            BroadcastVariant(RichText(text), share) for text, share in zip(words, each, strict=True)
        )
        content = BroadcastContent(variants, more.pop("media", ()), more.pop("buttons", ()))
        store = self.bench.store
        made = await store.act(
            create_broadcast,
            order=BroadcastOrder(content, audience, **more),
            author=BroadcastAuthor(api_key_id=1),
            expected=await store.read(count_audience, audience=audience),
        )
        return made.broadcast.id

    async def turns(self, number: int = 4) -> None:
        """Of the loop, a moment apart."""
        for _ in range(number):
            await self.loop.tick()

    async def progress(self, broadcast_id: int) -> BroadcastProgress:
        return await self.bench.store.read(progress_of, broadcast_id=broadcast_id)

    async def figures(self, broadcast_id: int) -> dict[str, Any]:
        """Those that are not 0, and the status."""
        progress = await self.progress(broadcast_id)
        names = ("recipients", "sent", "held", "waiting", "blocked", "failed", "expired", "cancelled")
        shown = {name: getattr(progress.figures, name) for name in names}
        return {"status": progress.broadcast.status.value} | {name: n for name, n in shown.items() if n}

    async def lines(self, broadcast_id: int, status: str | None = None) -> list[RecipientLine]:
        page = {"status": status, "after": 0, "limit": 99}
        return await self.bench.store.read(recipients_page, broadcast_id=broadcast_id, **page)

    async def deliver(
        self, answers: Mapping[int, Outcome] | Callable[[int], Outcome | None] | None = None, rounds: int = 6
    ) -> list[tuple[int, str]]:
        """Whom it reached with which words, while the clock moves; `answers` by Telegram id, else it is sent."""
        answer = answers if callable(answers) else (answers or {}).get
        reached = []
        for _ in range(rounds):
            await self.loop.tick()
            for begun in await self.bench.begin(limit=50, render=render):
                outcome = answer(begun.chat_id)
                await self.bench.settle(begun, outcome)
                if outcome is None and begun.is_marketing:
                    reached.append((begun.chat_id, begun.call.params.get("text", "")))
            self.bench.clock.advance(2)
        await self.loop.tick()
        return reached

    async def open(self, telegram_id: int) -> Dialog:
        opening = Opening(customer_id=self.ids[telegram_id], title="Lost parcel")
        return await self.bench.store.act(open_dialog, manager=self.bench.maria, opening=opening)


@pytest.fixture
async def mailing(bench: Bench) -> Mailing:
    return Mailing(bench, BroadcastLoop(bench.store), {})
