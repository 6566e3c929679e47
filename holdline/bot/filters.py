"""Filters by sender and chat. They are async classes, because aiogram runs all other filters in threads."""

from aiogram.enums import ChatType
from aiogram.filters import Filter
from aiogram.types import Chat, TelegramObject, User

from holdline.bot.people import is_manager, is_staff_group
from holdline.store.engine import Store


class PrivateCustomer(Filter):
    """A message in a private chat with the bot from somebody who is not a manager."""

    async def __call__(self, event: TelegramObject, store: Store) -> bool:
        chat, person = chat_of(event), person_of(event)
        if chat is None or person is None or chat.type != ChatType.PRIVATE or person.is_bot:
            return False
        return not await is_manager(store, person.id)


class FromManager(Filter):
    """An update from a manager, in any chat."""

    async def __call__(self, event: TelegramObject, store: Store) -> bool:
        person = person_of(event)
        return person is not None and await is_manager(store, person.id)


class InStaffGroup(Filter):
    """An update in the staff group, from anybody."""

    async def __call__(self, event: TelegramObject, store: Store) -> bool:
        chat = chat_of(event)
        return chat is not None and await is_staff_group(store, chat.id)


def chat_of(event: TelegramObject) -> Chat | None:
    """The chat of the update. For a press it is the chat of the message with the button."""
    chat = getattr(event, "chat", None) or getattr(getattr(event, "message", None), "chat", None)
    return chat if isinstance(chat, Chat) else None


def person_of(event: TelegramObject) -> User | None:
    """The person who caused the update: `user` in reactions, `from` everywhere else."""
    person = getattr(event, "from_user", None) or getattr(event, "user", None)
    return person if isinstance(person, User) else None
