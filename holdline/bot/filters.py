"""Whose update it is: async classes, because aiogram runs every other filter in a thread."""

from aiogram.enums import ChatType
from aiogram.filters import Filter
from aiogram.types import Chat, TelegramObject, User

from holdline.bot.people import is_manager, is_staff_group
from holdline.store.engine import Store


class PrivateCustomer(Filter):
    """In a private chat with the bot, and not a manager."""

    async def __call__(self, event: TelegramObject, store: Store) -> bool:
        chat, person = chat_of(event), person_of(event)
        if chat is None or person is None or chat.type != ChatType.PRIVATE or person.is_bot:
            return False
        return not await is_manager(store, person.id)


class FromManager(Filter):
    """Wherever it was done."""

    async def __call__(self, event: TelegramObject, store: Store) -> bool:
        person = person_of(event)
        return person is not None and await is_manager(store, person.id)


class InStaffGroup(Filter):
    """In the desk's group, whoever did it."""

    async def __call__(self, event: TelegramObject, store: Store) -> bool:
        chat = chat_of(event)
        return chat is not None and await is_staff_group(store, chat.id)


def chat_of(event: TelegramObject) -> Chat | None:
    """Presses happen where their message stands."""
    chat = getattr(event, "chat", None) or getattr(getattr(event, "message", None), "chat", None)
    return chat if isinstance(chat, Chat) else None


def person_of(event: TelegramObject) -> User | None:
    """`user` in reactions, `from` everywhere else."""
    person = getattr(event, "from_user", None) or getattr(event, "user", None)
    return person if isinstance(person, User) else None
