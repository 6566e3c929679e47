"""aiogram's own wire habits: forms, chunked uploads, its exceptions, its polling."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramMigrateToChat, TelegramRetryAfter
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)

from holdline.sandbox import SEED_GROUP, Sandbox, SandboxOptions
from tests.sandbox.wire import TOKEN


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    box = Sandbox(SandboxOptions(token=TOKEN))
    yield box
    assert box.problems == []


@pytest.fixture
async def bot(box: Sandbox) -> AsyncIterator[Bot]:
    async with box.serve() as url:
        bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
        yield bot
        await bot.session.close()


async def test_text_with_entities_and_a_keyboard_arrives_byte_for_byte(box: Sandbox, bot: Bot) -> None:
    box.says(5, "/start")
    button = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="yes")]])
    bold = MessageEntity(type="bold", offset=2, length=5)
    sent = await bot.send_message(5, "😀hello & <b>", entities=[bold], reply_markup=button, parse_mode=None)
    assert sent.text == "😀hello & <b>"
    assert sent.reply_markup.model_dump(exclude_none=True) == button.model_dump(exclude_none=True)
    assert [entity.model_dump(exclude_none=True) for entity in sent.entities] == [
        bold.model_dump(exclude_none=True)
    ]


async def test_a_file_goes_up_in_chunks_and_comes_down_again(box: Sandbox, bot: Bot) -> None:
    box.says(5, "/start")
    contents = bytes(range(256)) * 5_000
    sent = await bot.send_document(5, BufferedInputFile(contents, "данные.bin"), caption="all of it")
    assert (sent.document.file_name, sent.document.file_size) == ("данные.bin", len(contents))
    back = await bot.download(sent.document.file_id)
    assert back.read() == contents


async def test_an_album_of_uploads_is_one_group(box: Sandbox, bot: Bot) -> None:
    box.says(5, "/start")
    media = [
        InputMediaPhoto(media=BufferedInputFile(name.encode(), f"{name}.jpg"), caption=name) for name in "ab"
    ]
    first, second = await bot.send_media_group(5, media)
    assert first.media_group_id == second.media_group_id
    assert [first.caption, second.caption] == ["a", "b"]


async def test_refusals_become_the_right_exceptions(box: Sandbox, bot: Bot) -> None:
    box.says(5, "/start")
    box.blocks(5)
    with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
        await bot.send_message(5, "hi")
    box.faults.add("sendMessage", retry_after=7)
    with pytest.raises(TelegramRetryAfter) as flood:
        await bot.send_message(5, "hi")
    assert flood.value.retry_after == 7
    box.group(-777, "Yard", [5])
    new_id = box.migrates(-777)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(-777, "hi")
    assert moved.value.migrate_to_chat_id == new_id


async def test_the_desks_everyday_calls_fit_the_published_api(box: Sandbox, bot: Bot) -> None:
    box.sends(5, "photo", caption="look")
    topic = await bot.create_forum_topic(SEED_GROUP, "Case", icon_color=0x6FB9F0)
    thread = topic.message_thread_id
    copy = await bot.copy_message(SEED_GROUP, 5, 1, message_thread_id=thread)
    reply = ReplyParameters(message_id=copy.message_id)
    await bot.send_message(SEED_GROUP, "note", message_thread_id=thread, reply_parameters=reply)
    await bot.set_message_reaction(SEED_GROUP, copy.message_id, [ReactionTypeEmoji(emoji="👀")])
    await bot.pin_chat_message(SEED_GROUP, copy.message_id)
    await bot.edit_forum_topic(SEED_GROUP, thread, name="Solved")
    await bot.close_forum_topic(SEED_GROUP, thread)
    await bot.set_my_commands([BotCommand(command="help", description="What I can do")])
    assert [command.command for command in await bot.get_my_commands()] == ["help"]
    member = await bot.get_chat_member(SEED_GROUP, bot.id)
    assert (member.status, member.can_manage_topics) == ("administrator", True)
    assert (await bot.get_chat(SEED_GROUP)).is_forum
    assert await bot.get_chat_member_count(SEED_GROUP) == 3
    assert await bot.get_forum_topic_icon_stickers()


async def test_every_update_caused_by_people_is_parsed(box: Sandbox, bot: Bot) -> None:
    kinds = [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "chat_member",
        "message_reaction",
    ]
    await bot.get_updates(allowed_updates=kinds, timeout=0)
    box.album(5, ["photo", "document"])
    box.says(5, "hi")
    box.edits(5, 5, 3, "hello")
    sent = await bot.send_message(
        5,
        "?",
        reply_markup=InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="A", callback_data="a")]]
        ),
    )
    box.presses(5, 5, sent.message_id, 0)
    box.reacts(5, 5, sent.message_id, "👍")
    box.joins(5, SEED_GROUP)
    box.leaves(5, SEED_GROUP)
    box.blocks(5)
    async with asyncio.timeout(5):
        updates = await bot.get_updates(timeout=10)
    assert [update.event_type for update in updates] == [
        "message", "message", "message", "edited_message", "callback_query", "message_reaction",
        "message", "chat_member", "message", "chat_member", "my_chat_member",
    ]  # fmt: skip
