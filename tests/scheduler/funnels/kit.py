"""A desk with a funnel: what a customer gets of it, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.customers.presses import record_button_press
from holdline.desk.funnels.definitions import add_funnel, change_funnel
from holdline.desk.funnels.enrolments import enrol
from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.dialogs.message import Content
from holdline.scheduler.funnels import move_enrolments
from holdline.screens.render import render
from holdline.store.funnels import enrolments
from holdline.store.people import customers
from tests.scheduler.conftest import ANNA, Bench

STEP_SECONDS = 1.0


@dataclass
class Runs:
    """The timers and the sender take turns, a second at a time."""

    bench: Bench
    got: list[tuple[datetime, str]]

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.got]

    async def funnel(self, *steps: dict[str, Any], **more: Any) -> int:
        written = {"name": "Welcome", "steps": list(steps), **more}
        return (await self.bench.store.act(add_funnel, written=written)).id

    async def change(self, funnel_id: int, *steps: dict[str, Any], **more: Any) -> None:
        written = {"name": "Welcome", "steps": list(steps), **more}
        await self.bench.store.act(change_funnel, funnel_id=funnel_id, written=written)

    async def enrol(self, funnel_id: int, **more: Any) -> Enrolment:
        return await self.bench.store.act(enrol, funnel_id=funnel_id, telegram_id=ANNA.telegram_id, **more)

    async def passes(self, seconds: float = 5) -> None:
        """What is due is done, and whatever may leave arrives."""
        for _ in range(int(seconds / STEP_SECONDS)):
            await move_enrolments(self.bench.store)
            for begun in await self.bench.begin(render=render):
                if begun.call.params["chat_id"] == ANNA.telegram_id and begun.is_marketing:
                    words = begun.call.params.get("text") or begun.call.params.get("caption", "")
                    self.got.append((self.bench.clock.now(), words))
                await self.bench.settle(begun)
            self.bench.clock.advance(STEP_SECONDS)

    async def sleeps(self, seconds: float) -> None:
        """Nothing runs meanwhile."""
        self.bench.clock.advance(seconds)

    async def now(self, enrolment: Enrolment) -> Enrolment:
        return await self.bench.store.read(lambda tx: enrolments.load(tx, enrolment.id))

    async def running(self) -> list[Enrolment]:
        return await self.bench.store.read(lambda tx: enrolments.list_running(tx, self.bench.anna.id))

    async def tags(self) -> list[str]:
        return await self.bench.store.read(lambda tx: customers.tags(tx, self.bench.anna.id))

    async def says(self, words: str, **more: Any) -> int | None:
        content = Content(text=words, chat_id=ANNA.telegram_id, tg_message_id=next(self.bench.ids), **more)
        return await self.bench.store.act(receive_customer_message, sender=ANNA, content=content)

    async def presses(self, caption: str) -> str | None:
        """The newest message that has such a button."""
        row = await self.bench.one(
            """SELECT o.tg_message_id FROM outbox o JOIN messages m ON m.id = o.message_id
               WHERE o.stream = 'marketing' AND o.status = 'sent' AND m.data_json LIKE :words
               ORDER BY o.id DESC LIMIT 1""",
            words=f"%{caption}%",
        )
        number = row["tg_message_id"]
        words = {"telegram_id": ANNA.telegram_id, "tg_message_id": number, "data": f"out:{caption}"}
        return await self.bench.store.act(record_button_press, **words)
