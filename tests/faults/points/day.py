"""One scripted day: a customer writes, a dialog is opened, a draft approved, a reply typed, and a bulk job closes it.

A funnel and a broadcast wait behind the dialog. Programs hear of it by webhook.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from holdline.app.configuration import load_configuration
from holdline.app.open_store import open_store
from holdline.desk.funnels.definitions import add_funnel
from holdline.desk.people.managers import ensure_admins
from holdline.desk.settings.lists import ensure_lists
from holdline.desk.webhooks.webhooks import add_webhook
from holdline.sandbox import SEED_GROUP
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.faults.ledger import asked
from tests.faults.load import Cards, Life, Marks
from tests.faults.scene import A_SESSION, PATIENCE_SECONDS, Scene
from tests.faults.verdict import Account, Mark, Seen
from tests.local_server import serve_locally

RITA = 400000079
FUNNEL = {
    "name": "Walk",
    "entry": {"start": "walk"},
    "steps": [{"send": {"text": "Welcome! [m-{field.walk|0}-1]"}}],
}
LEFT = """SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'new')
    + (SELECT COUNT(*) FROM outbox WHERE status IN ('queued', 'sending'))
    + (SELECT COUNT(*) FROM bulk_items WHERE state = 'waiting')
    + (SELECT COUNT(*) FROM webhook_deliveries WHERE status = 'queued')"""
_STEP = re.compile(r'"to":\s*"(\w+)"')
_DIALOG = re.compile(r'"dialog":\s*\{"id":\s*(\d+)')


class Receiver:
    """Of webhooks: how often each event came, by its id, and which changes of which dialog it has heard of."""

    def __init__(self) -> None:
        self.url = ""
        self.came: Counter[str] = Counter()
        self.changes: set[tuple[int, str]] = set()

    async def take(self, request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        self.came[request.headers["webhook-id"]] += 1
        to, dialog = _STEP.search(body), _DIALOG.search(body)
        if to and dialog:
            self.changes.add((int(dialog[1]), to[1]))
        return web.Response()


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    there = Receiver()
    async with serve_locally(there.take, "/hook") as url:
        there.url = f"{url}/hook"
        yield there


async def furnish(scene: Scene, hearer: Receiver) -> int:
    """What a day needs, before the desk runs: a restricted manager, a webhook, a funnel; returns the funnel's id."""

    def furnishing(tx: Tx) -> int:
        ensure_lists(tx)
        ensure_admins(tx)
        managers.insert(tx, telegram_id=RITA, name="Rita", role="restricted")
        add_webhook(tx, url=hearer.url, events=["dialog.state_changed"], active=True)
        return add_funnel(tx, written=FUNNEL).id

    async with open_store(load_configuration(scene.config), may_create=True) as store:
        return await store.act(furnishing)


class Stage:
    """What the days of one scene share."""

    def __init__(self, scene: Scene, hearer: Receiver, funnel_id: int) -> None:
        self.scene, self.hearer, self.funnel_id = scene, hearer, funnel_id
        self.cards, self.marks = Cards(scene), Marks(scene)


class Day(Life):
    """The day of one customer, with two more who only read the broadcast. Days of one scene follow each other."""

    def __init__(self, stage: "Stage", number: int) -> None:
        super().__init__(stage.scene, 10 * number, cards=stage.cards, breath=0.0)
        self.number, self.stage = number, stage
        self.readers = [Account(self.chat + 1), Account(self.chat + 2)]

    @property
    def accounts(self) -> list[Account]:
        return [self.account, *self.readers]

    def owns(self, seen: Seen) -> bool:
        """In the group only what the customer wrote: drafts and marketing are shown there in cards as well."""
        return seen.mark.who // 10 == self.number and (seen.chat != SEED_GROUP or seen.mark.stream == "w")

    async def passes(self) -> None:
        """The whole day, until nobody has anything left to do. It waits through a death of the desk."""
        await self._begins()
        await self._opens()
        await self._is_offered()
        self.says("where is my parcel")
        await self._is_answered()
        await self._is_closed()
        await self._comes_to_rest()

    def says(self, words: str) -> None:
        self.scene.box.says(self.chat, self._said(words, "w"))

    async def _begins(self) -> None:
        for number, account in enumerate(self.accounts):
            self.scene.box.customer(account.chat, first_name=f"Guest {self.who + number}", language_code="en")
            self.scene.box.says(account.chat, "/start")
        self.says("good morning")
        for number, account in enumerate(self.accounts):
            customer = await self._id_of(account.chat)
            self.customer_id = self.customer_id or customer
            fields = {"day": f"day {self.number}", "walk": self.who, "sale": self.who + 3 + number}
            await self.scene.ask(
                "PATCH", f"customers/{customer}", {"fields": fields}, key=f"fields-{account.chat}"
            )

    async def _is_offered(self) -> None:
        """Behind the dialog wait a funnel's step and a broadcast; the two readers get the broadcast at once."""
        await self.scene.ask(
            "POST",
            f"funnels/{self.stage.funnel_id}/enrolments",
            {"telegram_id": self.chat},
            key=f"enrol-{self.who}",
        )
        text = "Sale, {customer.name|friend}! [m-{field.sale|0}-1]"
        order = {"text": text, "audience": {"fields": {"day": f"day {self.number}"}}}
        await self.scene.ask("POST", "broadcasts", order, key=f"sale-{self.who}")
        self.account.promised.append(Mark("m", self.who, 1))
        for number, account in enumerate(self.accounts):
            account.promised.append(Mark("m", self.who + 3 + number, 1))
        for account in self.readers:
            await self._until_shown(account.chat, account.promised)

    async def _is_answered(self) -> None:
        draft = await self.scene.ask(
            "POST",
            f"dialogs/{self.dialog_id}/messages",
            {"manager_telegram_id": RITA, "text": self._said("we look for it", "r"), "anyway": True},
            key=f"draft-{self.who}",
        )
        approval = {"manager_telegram_id": self.manager, "anyway": True}
        await self.scene.ask("POST", f"drafts/{draft['id']}/approve", approval, key=f"approve-{self.who}")
        self.scene.box.says(self.manager, self._said("here it is", "r"), SEED_GROUP, self.thread)
        await self._until_shown(self.chat, [mark for mark in self.account.promised if mark.stream == "r"])
        await self._until_shown(SEED_GROUP, [mark for mark in self.account.promised if mark.stream == "w"])

    async def _is_closed(self) -> None:
        self.account.held.append((self.held_since, self.scene.witness.seq + 1))
        self.state = "none"
        closing = {"customer_score": 3, "send_rating_form": False}
        order = {"manager_telegram_id": self.manager, "dialogs": [self.dialog_id], "do": {"close": closing}}
        await self.scene.ask("POST", "bulk", order, key=f"bulk-{self.who}")
        await self._until_shown(self.chat, self.account.promised)

    async def _comes_to_rest(self) -> None:
        wanted = {(self.dialog_id, "active"), (self.dialog_id, "closed")}
        await self.scene.until(
            lambda: wanted <= self.stage.hearer.changes, f"webhooks of dialog {self.dialog_id}"
        )
        await self.scene.until(
            lambda: not asked(self.scene.store_url, LEFT)[0][0], "nothing left to do", pause=A_SESSION
        )

    async def _until_shown(self, chat: int, marks: list[Mark]) -> None:
        wanted = {(chat, mark) for mark in marks if (mark.stream == "w") == (chat == SEED_GROUP)}

        def shown() -> bool:
            self.stage.marks.seen()
            return wanted <= self.stage.marks.places

        await self.scene.until(shown, f"{wanted}")

    async def _id_of(self, chat: int) -> int:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found: dict[str, Any] = await self.scene.ask("GET", f"customers?telegram_id={chat}")
                if found["items"]:
                    return int(found["items"][0]["id"])
                await asyncio.sleep(0.05)
