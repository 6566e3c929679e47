"""A customer who blocks the bot, and one who comes back."""

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberUpdated

from holdline.bot.filters import PrivateCustomer
from holdline.bot.handlers.errors import done_or_told
from holdline.bot.people import sender
from holdline.bot.work import Work
from holdline.desk.customers import customer_blocked

GONE = frozenset({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})


def router() -> Router:
    built = Router(name="membership")
    built.my_chat_member.register(on_private, PrivateCustomer())
    return built


async def on_private(event: ChatMemberUpdated, work: Work) -> None:
    person = sender(event.from_user)
    blocked = event.new_chat_member.status in GONE
    await done_or_told(work, person, customer_blocked, sender=person, blocked=blocked)
