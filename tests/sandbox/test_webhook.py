"""Delivery to a webhook: the secret, order within a chat, repeats, a call in the answer."""

import asyncio
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from aiohttp import web

from holdline.sandbox import Sandbox, SandboxOptions
from tests.sandbox.wire import TOKEN, Json, Wire, wired

PROMPT = 5.0
Answer = Callable[[Json], web.Response]


class Receiver:
    """A small HTTP server that remembers what came and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[Json] = []
        self.headers: list[str | None] = []
        self.answer: Answer = lambda update: web.Response()
        self.news = asyncio.Condition()
        self.slow_chat: int | None = None
        self.let_go = asyncio.Event()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        async with self.news:
            self.got.append(update)
            self.news.notify_all()
        if self.slow_chat and update.get("message", {}).get("chat", {}).get("id") == self.slow_chat:
            await self.let_go.wait()
        return self.answer(update)

    async def until(self, count: int) -> list[Json]:
        async with asyncio.timeout(PROMPT), self.news:
            await self.news.wait_for(lambda: len(self.got) >= count)
            return list(self.got)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    app = web.Application(client_max_size=2**22)
    app.router.add_post("/hook", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield found
    found.let_go.set()
    await runner.cleanup()


@pytest.fixture
async def quick() -> AsyncIterator[Wire]:
    """Repeats a delivery after hundredths of a second instead of seconds."""
    async with wired(webhook_retry_base=0.01) as wire:
        yield wire
        assert wire.box.problems == []


async def empty(wire: Wire) -> None:
    """Until nothing waits any more."""
    async with asyncio.timeout(PROMPT):
        while (await wire.good("getWebhookInfo"))["pending_update_count"]:
            continue


async def test_updates_arrive_with_the_secret_in_order(quick: Wire, receiver: Receiver) -> None:
    quick.box.says(5, "waited")
    await quick.good("setWebhook", url=receiver.url, secret_token="S3cret")
    for number in range(5):
        quick.box.says(5, str(number))
    await receiver.until(6)
    assert receiver.texts() == ["waited", "0", "1", "2", "3", "4"]
    assert set(receiver.headers) == {"S3cret"}
    await empty(quick)


async def test_a_refused_update_is_repeated_before_the_next_of_its_chat(
    quick: Wire, receiver: Receiver
) -> None:
    receiver.answer = lambda update: web.Response(status=500 if len(receiver.got) < 3 else 200)
    await quick.good("setWebhook", url=receiver.url)
    quick.box.says(5, "one")
    quick.box.says(5, "two")
    await receiver.until(4)
    assert receiver.texts() == ["one", "one", "one", "two"]
    assert "500" in (await quick.good("getWebhookInfo"))["last_error_message"]


async def test_one_slow_chat_does_not_delay_another(quick: Wire, receiver: Receiver) -> None:
    receiver.slow_chat = 5
    await quick.good("setWebhook", url=receiver.url)
    quick.box.says(5, "slow")
    quick.box.says(5, "behind the slow one")
    quick.box.says(6, "quick")
    await receiver.until(2)
    assert receiver.texts() == ["slow", "quick"]
    receiver.let_go.set()
    await receiver.until(3)
    assert receiver.texts()[-1] == "behind the slow one"


async def test_a_call_in_the_webhook_answer_is_executed(quick: Wire, receiver: Receiver) -> None:
    call = {"method": "sendMessage", "chat_id": 5, "text": "by the way"}
    receiver.answer = lambda update: web.json_response(call)
    await quick.good("setWebhook", url=receiver.url)
    quick.box.says(5, "hi")
    await empty(quick)
    assert quick.box.messages(5)[-1]["text"] == "by the way"


async def test_after_deleting_the_webhook_unaccepted_updates_are_polled(
    quick: Wire, receiver: Receiver
) -> None:
    receiver.answer = lambda update: web.Response(status=503)
    await quick.good("setWebhook", url=receiver.url)
    quick.box.says(5, "kept")
    await receiver.until(1)
    await quick.good("deleteWebhook")
    assert [update["message"]["text"] for update in await quick.good("getUpdates")] == ["kept"]


async def test_an_update_can_be_delivered_twice_on_demand(quick: Wire, receiver: Receiver) -> None:
    await quick.good("setWebhook", url=receiver.url)
    quick.box.says(5, "twice")
    (update,) = await receiver.until(1)
    await empty(quick)
    quick.box.again(update["update_id"])
    assert (await receiver.until(2))[1] == update


async def test_setting_the_webhook_twice_within_a_second_is_refused(quick: Wire, receiver: Receiver) -> None:
    await quick.good("setWebhook", url=receiver.url)
    body = await quick.call("setWebhook", url=receiver.url)
    assert (quick.status, body["parameters"]) == (429, {"retry_after": 1})


async def test_pending_updates_can_be_dropped(quick: Wire) -> None:
    quick.box.says(5, "old")
    await quick.good("deleteWebhook", drop_pending_updates=True)
    assert await quick.good("getUpdates") == []


async def test_after_an_outage_delivery_continues_with_its_state(receiver: Receiver) -> None:
    box = Sandbox(SandboxOptions(token=TOKEN))
    async with box.serve() as url, aiohttp.ClientSession() as session:
        await Wire(url, session, box).good("setWebhook", url=receiver.url)
    box.says(5, "while nobody was there")
    async with box.serve() as url, aiohttp.ClientSession() as session:
        await receiver.until(1)
        wire = Wire(url, session, box)
        await empty(wire)
    assert receiver.texts() == ["while nobody was there"]


async def test_an_update_of_megabytes_is_delivered(quick: Wire, receiver: Receiver) -> None:
    await quick.good("setWebhook", url=receiver.url)
    quick.box.customer(42, first_name="Anna")
    large = {"message_id": 1, "date": 1, "chat": {"id": 42, "type": "private"}, "text": "x" * 2_000_000}
    quick.box.raw_update({"update_id": 900_000_000, "message": large})
    (update,) = await receiver.until(1)
    assert len(update["message"]["text"]) == 2_000_000
