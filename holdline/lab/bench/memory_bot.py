"""The floors of intake and relay: bare aiogram bots that keep everything in memory, each in its own process.

They run as the desk does: on one core, with the same event loop.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiohttp import web

from holdline.app.tuning import quick_loop, stay_on_one_core

PATH = "/floor"


def answer_polling(url: str, token: str) -> None:
    """Answers each message with a call."""
    _run(lambda: _poll(_bot(url, token), _answer_router()))


def answer_webhook(url: str, token: str, port: int) -> None:
    """Answers each message in the response to its delivery."""
    _run(lambda: _serve(_bot(url, token), _answer_router(), port))


def relay(url: str, token: str, group: int, *, managers: tuple[int, ...], topics: bool) -> None:
    """Passes each message on. `group`: the staff group, or 0 for the chats of `managers`; `topics`: one for each
    customer, otherwise answers are replies.
    """
    _run(lambda: _poll(_bot(url, token), _RelayMemory(group, managers, topics=topics).router()))


def _run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    logging.disable()
    stay_on_one_core()
    with asyncio.Runner(loop_factory=quick_loop()) as runner:
        runner.run(main())


def _bot(url: str, token: str) -> Bot:
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))


async def _poll(bot: Bot, router: Router) -> None:
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    await dispatcher.start_polling(bot)


async def _serve(bot: Bot, router: Router, port: int) -> None:
    dispatcher, app = Dispatcher(), web.Application()
    dispatcher.include_router(router)

    async def take(request: web.Request) -> web.Response:
        answer = await dispatcher.feed_raw_update(bot, await request.json())
        assert isinstance(answer, SendMessage)
        return web.json_response({"method": "sendMessage", "chat_id": answer.chat_id, "text": answer.text})

    app.router.add_post(PATH, take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await bot.set_webhook(f"http://127.0.0.1:{port}{PATH}", max_connections=40)
    await asyncio.Event().wait()


def _answer_router() -> Router:
    router, answers = Router(), dict[int, str]()

    @router.message()
    async def answer(message: Message) -> SendMessage:
        answers[message.message_id] = message.text or ""
        return message.answer(answers[message.message_id])

    return router


class _RelayMemory:
    """The person to whom each topic or message belongs."""

    def __init__(self, group: int, managers: tuple[int, ...], *, topics: bool) -> None:
        self._group, self._managers, self._topics = group, managers, topics
        self._topic_of: dict[int, int] = {}
        self._customer_of: dict[tuple[int, int], int] = {}

    def router(self) -> Router:
        router = Router()
        router.message.register(self._take)
        return router

    async def _take(self, message: Message) -> None:
        person, text = message.chat.id, message.text
        if not text:  # a new topic
            return
        if message.from_user is None or person == self._group or person in self._managers:
            await self._pass_to_customer(message, text)
            return
        assert message.bot is not None
        place = self._group or self._managers[person % len(self._managers)]
        if self._topics and person not in self._topic_of:
            made = await message.bot.create_forum_topic(place, f"Customer {person}")
            self._topic_of[person] = made.message_thread_id
            self._customer_of[place, made.message_thread_id] = person
        shown = await message.bot.send_message(place, text, message_thread_id=self._topic_of.get(person))
        self._customer_of.setdefault((place, shown.message_id), person)

    async def _pass_to_customer(self, message: Message, text: str) -> None:
        replied = message.reply_to_message
        about = message.message_thread_id if self._topics else replied and replied.message_id
        customer = self._customer_of.get((message.chat.id, about or 0))
        if customer is not None and message.bot is not None:
            await message.bot.send_message(customer, text)
