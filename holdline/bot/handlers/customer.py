"""What customers write: every message of every kind is either passed on or refused in words."""

from aiogram import Router
from aiogram.types import Message

from holdline.bot.content import content_of, sender_of
from holdline.bot.filters import PrivateCustomer, Said
from holdline.bot.handlers.errors import done_or_told
from holdline.bot.work import Work
from holdline.desk import customers
from holdline.desk.incoming import customer_wrote
from holdline.dialogs.customer import Sender
from holdline.dialogs.message import Content
from holdline.texts import LANGUAGES

PAYLOAD_LIMIT = 64  # Bot API, deep links


def router() -> Router:
    """Asked after the managers' router; a command that is not ours is an ordinary message."""
    built = Router(name="customers")
    built.message.filter(PrivateCustomer())
    built.message.register(on_start, Said("start"))
    built.message.register(on_help, Said("help"))
    built.message.register(on_language, Said("language"))
    built.message.register(on_stop, Said("stop"))
    built.message.register(on_message)
    return built


async def on_start(message: Message, work: Work, words: str) -> None:
    sender, content = said(message)
    payload = words[:PAYLOAD_LIMIT]
    await done_or_told(
        work, sender, customers.customer_started, sender=sender, payload=payload, content=content
    )


async def on_help(message: Message, work: Work) -> None:
    sender, content = said(message)
    await done_or_told(work, sender, customers.customer_asked_help, sender=sender, content=content)


async def on_language(message: Message, work: Work, words: str) -> None:
    """`/language pl` chooses at once."""
    sender, content = said(message)
    if words.lower() in LANGUAGES:
        await done_or_told(
            work, sender, customers.customer_chose_language, sender=sender, language=words.lower()
        )
        return
    await done_or_told(work, sender, customers.customer_asked_language, sender=sender, content=content)


async def on_stop(message: Message, work: Work) -> None:
    sender, content = said(message)
    await done_or_told(work, sender, customers.customer_stopped_marketing, sender=sender, content=content)


async def on_message(message: Message, work: Work) -> None:
    sender, content = sender_of(message), content_of(message)
    if sender is None or content is None:
        await work.ignore("a service message")
        return
    await done_or_told(work, sender, customer_wrote, sender=sender, content=content)


def said(message: Message) -> tuple[Sender, Content]:
    """For commands, which are always texts of a person."""
    sender, content = sender_of(message), content_of(message)
    assert sender is not None and content is not None
    return sender, content
