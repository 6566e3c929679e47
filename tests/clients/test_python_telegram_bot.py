"""Another library's bot works against the sandbox: polling, sending, editing, a button, a file."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from holdline.sandbox import SEED_GROUP, Sandbox, SandboxOptions

TOKEN = "123456:ptb"
PROMPT = 5.0


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    button = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    await update.message.reply_html("<b>Sure?</b>", reply_markup=button)


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.callback_query.answer("Noted", show_alert=True)
    await update.callback_query.edit_message_text("Done")


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.message.reply_document(
        io.BytesIO(b"the contents"), filename="notes.txt", caption=update.message.text
    )


@asynccontextmanager
async def running(url: str) -> AsyncIterator[Application]:
    builder = Application.builder().token(TOKEN)
    bot = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()
    bot.add_handler(CommandHandler("start", start))
    bot.add_handler(CallbackQueryHandler(pressed))
    bot.add_handler(MessageHandler(filters.TEXT, echo))
    async with bot:
        await bot.start()
        await bot.updater.start_polling(poll_interval=0, timeout=2)
        try:
            yield bot
        finally:
            await bot.updater.stop()
            await bot.stop()


async def from_bot(box: Sandbox, chat_id: int, count: int) -> list[dict]:
    """The bot's messages in a chat, once there are so many."""
    async with asyncio.timeout(PROMPT):
        while True:
            ticket = box.tg.events.bell.ticket()
            found = [message for message in box.messages(chat_id) if message["from_bot"]]
            if len(found) >= count:
                return found
            await ticket.wait()


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    box = Sandbox(SandboxOptions(token=TOKEN))
    yield box
    assert box.problems == []


async def test_a_python_telegram_bot_handles_a_whole_conversation(box: Sandbox) -> None:
    async with box.serve() as url, running(url) as bot:
        assert bot.bot.username == box.tg.bot.username
        box.says(5, "/start")
        (asked,) = await from_bot(box, 5, 1)
        assert asked["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
        query_id = box.presses(5, 5, asked["message_id"], "Yes")
        async with asyncio.timeout(PROMPT):
            while box.messages(5)[-1]["text"] != "Done":
                await box.tg.events.bell.ticket().wait()
        assert box.tg.queries[query_id].answer["text"] == "Noted"
        box.says(5, "send me the file")
        document = (await from_bot(box, 5, 2))[-1]["document"]
        assert document["file_name"] == "notes.txt"
        file = await bot.bot.get_file(document["file_id"])
        assert await file.download_as_bytearray() == b"the contents"


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # of its own retry_after
async def test_python_telegram_bot_understands_the_refusals(box: Sandbox) -> None:
    async with box.serve() as url, Bot(TOKEN, base_url=f"{url}/bot") as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(404, "hi")
        box.says(5, "/start")
        box.blocks(5)
        with pytest.raises(Forbidden, match="blocked by the user"):
            await bot.send_message(5, "hi")
        box.faults.add("sendMessage", retry_after=7)
        with pytest.raises(RetryAfter, match="7"):
            await bot.send_message(5, "hi")


async def test_python_telegram_bot_works_in_topics(box: Sandbox) -> None:
    async with box.serve() as url, Bot(TOKEN, base_url=f"{url}/bot") as bot:
        box.sends(5, "photo", caption="look")
        topic = await bot.create_forum_topic(SEED_GROUP, "Case")
        copy = await bot.copy_message(SEED_GROUP, 5, 1, message_thread_id=topic.message_thread_id)
        shown = box.messages(SEED_GROUP, topic.message_thread_id)[-1]
        assert (shown["message_id"], shown["caption"]) == (copy.message_id, "look")
        assert await bot.close_forum_topic(SEED_GROUP, topic.message_thread_id)
