"""A desk whose people have tagged dialogs, what tags by itself beside it, and a service that is really there."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.customers import customers
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.settings.lists import add_to_list, ensure_lists
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.language_service import LanguageService
from holdline.scheduler.tagging import tagger_process
from holdline.store.dialogs import dialogs, overview
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.tagger.talks import SAID, talks

ANNA = MessageSender(telegram_id=510000001, name="Anna")
_NUMBERS: Iterator[int] = iter(range(1, 10**6))


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(tag_service="small-model")


@dataclass(frozen=True)
class TaggedDesk:
    """`maria` tags and closes what Anna writes."""

    store: Store
    maria: Manager
    folder: Path

    async def has_tagged(self, each: int) -> None:
        """So many dialogs of each kind."""
        await self.store.act(lambda tx: [self._closed(tx, talk.text, talk.tags) for talk in talks(each)])

    async def closes(self, words: str, *tags: str) -> int:
        """A dialog in which Anna has said that."""
        return (await self.store.act(self._closed, words, tags)).id

    async def tags(self, dialog_id: int) -> list[tuple[str, str]]:
        """Each with who put it there."""
        rows = await self.store.read(overview.tags_of, [dialog_id])
        return [(row["name"], row["source"]) for row in rows]

    async def tag_ids(self) -> dict[str, int]:
        rows = await self.store.read(lambda tx: tx.all("SELECT id, name FROM lists WHERE kind = 'tags'"))
        return {row["name"]: row["id"] for row in rows}

    async def sets_tags(self, dialog_id: int, *tags: str) -> None:
        await self.store.act(
            change_dialog, manager=self.maria, dialog_id=dialog_id, changes={"tags": list(tags)}
        )

    async def count_jobs(self) -> int:
        return len(await self.store.read(lambda tx: tx.all("SELECT dialog_id FROM tag_jobs")))

    def _closed(self, tx: Tx, words: str, tags: tuple[str, ...]) -> Dialog:
        anna = customers.get_or_create_customer(tx, sender=ANNA)
        dialog = open_dialog(tx, manager=self.maria, opening=Opening(anna.id, "Question"))
        content = Content("text", words, chat_id=ANNA.telegram_id, tg_message_id=next(_NUMBERS))
        receive_customer_message(tx, sender=ANNA, content=content)
        if tags:
            change_dialog(tx, manager=self.maria, dialog_id=dialog.id, changes={"tags": list(tags)})
        closing = Closing(send_rating_form=False)
        close_dialog(tx, manager=self.maria, dialog_id=dialog.id, closing=closing)
        return dialogs.by_id(tx, dialog.id)


@pytest.fixture
async def desk(
    store: Store, tmp_path: Path, warm_tagger: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> TaggedDesk:
    monkeypatch.setattr(tagger_process, "COMMAND", warm_tagger)

    def furnish(tx: Tx) -> Manager:
        ensure_lists(tx)
        maria = managers.insert(tx, telegram_id=400000077, name="Maria", role="admin")
        for name in SAID:
            add_to_list(tx, manager=maria, kind="tags", name=name)
        return maria

    return TaggedDesk(store, await store.act(furnish), tmp_path / "models")


@dataclass
class FakeService:
    """`answers` is what it says, or the status it refuses with; `asked` what it was sent."""

    answers: Any = '{"tags": []}'
    url: str = ""
    key: str = "sk-very-secret"
    seconds: float = 20.0
    asked: list[Any] = field(default_factory=list)
    authorized: list[str | None] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    def client(self, *, calls_a_day: int = 100) -> LanguageService:
        return LanguageService(self.url, "small-model", self.key, self.seconds, calls_a_day)

    def question(self) -> Any:
        """The last one: the labels and the conversation."""
        return json.loads(self.asked[-1]["messages"][-1]["content"])

    async def complete(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.authorized.append(request.headers.get("Authorization"))
        await self.may_answer.wait()
        if isinstance(self.answers, int):
            return web.Response(status=self.answers, text="sk-very-secret", headers={"Location": self.url})
        return web.json_response({"choices": [{"message": {"role": "assistant", "content": self.answers}}]})


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    fake = FakeService()
    fake.may_answer.set()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", fake.complete)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server = site._server
    assert server is not None
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    yield fake
    fake.may_answer.set()
    await runner.cleanup()
