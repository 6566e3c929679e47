"""Who comes and goes: customers who block the bot and return, managers in the staff group, and that group itself."""

from datetime import timedelta
from typing import Any

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Filter
from aiogram.types import ChatMemberUpdated, Message

from holdline.bot.filters import FromManager, InStaffGroup, PrivateCustomer
from holdline.bot.handlers.errors import done_or_told
from holdline.bot.people import may_have_been_taken_for_gone, sender
from holdline.bot.work import Work
from holdline.desk.customers.customers import customer_blocked
from holdline.desk.delivery.delivery import chat_is_back, follow_staff_group
from holdline.desk.delivery.group_health import membership_changed
from holdline.desk.people.membership import group_standing, writes_in_group
from holdline.dialogs.customer import Sender
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.telegram.membership import inside

GONE = frozenset({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})
ROUNDED = timedelta(seconds=1)  # Telegram's dates are whole seconds, cut off


class Moved(Filter):
    """A group became a supergroup; told twice, in the old chat and in the new. Hands on `old` and `new`."""

    async def __call__(self, message: Message) -> bool | dict[str, Any]:
        if message.migrate_to_chat_id is not None:
            return {"old": message.chat.id, "new": message.migrate_to_chat_id}
        if message.migrate_from_chat_id is not None:
            return {"old": message.migrate_from_chat_id, "new": message.chat.id}
        return False


class WritesAfterLeaving(Filter):
    """Never true: a wrong "left" is put right first, and the message then goes its way as a manager's."""

    async def __call__(self, message: Message, store: Store) -> bool:
        person = message.from_user
        if person is None or not await may_have_been_taken_for_gone(store, message.chat.id, person.id):
            return False
        await store.act(writes_in_group, telegram_id=person.id, at=message.date)
        return False


def router() -> Router:
    """Asked before the managers' router, which takes every message of the staff group."""
    built = Router(name="membership")
    built.message.register(on_moved, WritesAfterLeaving())
    built.message.register(on_moved, Moved())
    built.my_chat_member.register(on_customer, PrivateCustomer())
    built.my_chat_member.register(on_group, InStaffGroup())
    built.my_chat_member.register(on_desk, FromManager())
    built.chat_member.register(on_member, InStaffGroup())
    return built


async def on_customer(event: ChatMemberUpdated, work: Work) -> None:
    person = sender(event.from_user)
    blocked = event.new_chat_member.status in GONE
    await done_or_told(work, person, came_or_went, sender=person, blocked=blocked)


async def on_desk(event: ChatMemberUpdated, work: Work) -> None:
    """What was kept back for a manager's chat that had shut us out goes out again."""
    if event.new_chat_member.status in GONE:
        await work.ignore("shut out of a manager's chat; the next send says so")
        return
    await work.act(chat_is_back, chat_id=event.chat.id)


async def on_group(event: ChatMemberUpdated, work: Work) -> None:
    """Administrators hear at once of a right that the bot has lost in the staff group, or has again."""
    await work.act(
        membership_changed, chat=event.chat.model_dump(), member=event.new_chat_member.model_dump()
    )


async def on_member(event: ChatMemberUpdated, work: Work) -> None:
    """Somebody of the group, manager or not."""
    now = inside(event.new_chat_member.model_dump(include={"status", "is_member"}))
    if now is None:
        await work.ignore("a standing in the staff group that has no meaning here")
        return
    person = event.new_chat_member.user
    removed = event.new_chat_member.status == ChatMemberStatus.KICKED
    as_of = event.date + ROUNDED
    await work.act(group_standing, telegram_id=person.id, inside=now, as_of=as_of, was_removed=removed)


async def on_moved(message: Message, work: Work, old: int, new: int) -> None:
    await work.act(follow_staff_group, old_chat_id=old, new_chat_id=new)


def came_or_went(tx: Tx, *, sender: Sender, blocked: bool) -> None:
    customer_blocked(tx, sender=sender, blocked=blocked)
    if not blocked:
        chat_is_back(tx, chat_id=sender.telegram_id)
