"""Whose message it is; async classes, because aiogram runs every other filter in a thread."""

from aiogram.filters import Filter
from aiogram.types import Message

from holdline.bot.handlers.order import command_of
from holdline.desk.managers import manager_by_telegram_id
from holdline.desk.places import staff_group
from holdline.store.engine import Store
from holdline.store.tx import Tx

ANONYMOUS_ADMIN = 1087968824  # @GroupAnonymousBot: who hides behind the group's name
CHANNEL = 136817688  # @Channel_Bot: who writes as a channel


class AtDesk(Filter):
    """In the staff group anybody (strangers are refused there in words); in private a manager."""

    async def __call__(self, message: Message, store: Store) -> bool:
        user = message.from_user.id if message.from_user else None
        return await store.read(at_desk, chat_id=message.chat.id, user_id=user)


def at_desk(tx: Tx, *, chat_id: int, user_id: int | None) -> bool:
    """Only reads; a configured administrator is a manager before the first row is written."""
    if chat_id < 0:
        return chat_id == staff_group(tx)
    if user_id is None:
        return False
    return user_id in tx.rules.admins or manager_by_telegram_id(tx, telegram_id=user_id) is not None


class Unnamed(Filter):
    """Hands on `unnamed_as`: admin or channel."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        user = message.from_user.id if message.from_user else None
        if message.sender_chat is None and user not in (ANONYMOUS_ADMIN, CHANNEL):
            return False
        behind = message.sender_chat
        hidden = user == ANONYMOUS_ADMIN or (behind is not None and behind.id == message.chat.id)
        return {"unnamed_as": "admin" if hidden else "channel"}


class Ordered(Filter):
    """A typed command, or one in the caption of a file."""

    async def __call__(self, message: Message) -> bool:
        return command_of(message.text or message.caption or "") is not None
