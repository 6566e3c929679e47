"""Filters for the desk's chats. They are async classes, because aiogram runs all other filters in threads."""

from aiogram.filters import Filter
from aiogram.types import Message

from holdline.bot.people import is_manager, is_staff_group
from holdline.dialogs.text.marks import parse_typed_command
from holdline.store.engine import Store
from holdline.telegram.chats import is_group

ANONYMOUS_ADMIN = 1087968824  # @GroupAnonymousBot: who hides behind the group's name
CHANNEL = 136817688  # @Channel_Bot: who writes as a channel


class AtDesk(Filter):
    """A message in the staff group from anybody (strangers are refused there), or a manager's message in private."""

    async def __call__(self, message: Message, store: Store) -> bool:
        if is_group(message.chat.id):
            return await is_staff_group(store, message.chat.id)
        return message.from_user is not None and await is_manager(store, message.from_user.id)


class AnonymousSender(Filter):
    """A message from an anonymous administrator or a channel. Passes on `unnamed_as`: admin or channel."""

    async def __call__(self, message: Message) -> bool | dict[str, str]:
        user = message.from_user.id if message.from_user else None
        if message.sender_chat is None and user not in (ANONYMOUS_ADMIN, CHANNEL):
            return False
        behind = message.sender_chat
        hidden = user == ANONYMOUS_ADMIN or (behind is not None and behind.id == message.chat.id)
        return {"unnamed_as": "admin" if hidden else "channel"}


class IsCommand(Filter):
    """A command in the text, or in the caption of a file."""

    async def __call__(self, message: Message) -> bool:
        return parse_typed_command(message.text or message.caption or "") is not None
