"""The echo bot of the floor, in its own process, so that the measuring process need not import aiogram."""

import asyncio
import logging
from pathlib import Path

import aiosqlite
from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from holdline.sandbox import SandboxOptions

TOKEN = SandboxOptions().token


def echo(url: str, folder: str) -> None:
    """Runs until a signal."""
    logging.disable(logging.WARNING)  # hides what it logs at its end
    asyncio.run(_run_echo_bot(url, Path(folder)))


async def _run_echo_bot(url: str, folder: Path) -> None:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    base = await aiosqlite.connect(folder / "floor.db", isolation_level=None)
    await base.execute("PRAGMA journal_mode=WAL")
    await base.execute("PRAGMA synchronous=FULL")
    await base.execute("CREATE TABLE seen (update_id INTEGER, chat INTEGER, text TEXT)")
    dispatcher = Dispatcher()
    dispatcher.include_router(_echo(base))
    try:
        await dispatcher.start_polling(bot)
    finally:
        await base.close()


def _echo(base: aiosqlite.Connection) -> Router:
    router = Router()

    @router.message()
    async def echo(message: Message) -> None:
        row = (message.message_id, message.chat.id, message.text)
        await base.execute("INSERT INTO seen VALUES (?, ?, ?)", row)
        await message.answer(message.text or "…")

    return router
