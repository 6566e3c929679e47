"""Membership changes: customers who block the bot or return, managers in the staff group, and the group itself."""

from datetime import timedelta
from typing import Any

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Filter
from aiogram.types import ChatMemberUpdated, Message

from holdline.bot.filters import FromManager, InStaffGroup, PrivateCustomer
from holdline.bot.handlers.errors import act_or_refuse
from holdline.bot.people import may_be_wrongly_gone, sender_from_user
from holdline.bot.work import Work
from holdline.desk.customers.customers import record_block
from holdline.desk.delivery.group_health import update_bot_membership
from holdline.desk.delivery.group_migration import migrate_staff_group
from holdline.desk.delivery.reachable_again import reopen_chat
from holdline.desk.people.membership import note_rejoining, restore_if_writing, update_group_membership
from holdline.dialogs.customer import MessageSender
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.telegram.chats import is_inside

LEFT = frozenset({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})
DATE_PRECISION = timedelta(seconds=1)  # Telegram's dates are whole seconds, cut off


class GroupMigrated(Filter):
    """A group became a supergroup. Telegram reports it in the old and in the new chat. Passes on `old` and `new`."""

    async def __call__(self, message: Message) -> bool | dict[str, Any]:
        if message.migrate_to_chat_id is not None:
            return {"old": message.chat.id, "new": message.migrate_to_chat_id}
        if message.migrate_from_chat_id is not None:
            return {"old": message.migrate_from_chat_id, "new": message.chat.id}
        return False


class RestoresMembership(Filter):
    """Never matches. It corrects a wrong "left" first; then the message is handled as a manager's.

    Telegram's own message about who joined or left is nothing that the person wrote: joining proves that they had left.
    """

    async def __call__(self, message: Message, store: Store) -> bool:
        moved = {person.id for person in message.new_chat_members or ()}
        for telegram_id in moved:
            if await may_be_wrongly_gone(store, message.chat.id, telegram_id):
                as_of = message.date + DATE_PRECISION
                await store.act(note_rejoining, telegram_id=telegram_id, as_of=as_of)
        if message.left_chat_member is not None:
            moved.add(message.left_chat_member.id)
        writer = message.from_user
        if writer is None or writer.id in moved:
            return False
        if await may_be_wrongly_gone(store, message.chat.id, writer.id):
            await store.act(restore_if_writing, telegram_id=writer.id, at=message.date)
        return False


def router() -> Router:
    """The router for membership, before the managers' router, which takes every message of the staff group."""
    built = Router(name="membership")
    built.message.register(on_group_migrated, RestoresMembership())
    built.message.register(on_group_migrated, GroupMigrated())
    built.my_chat_member.register(on_customer, PrivateCustomer())
    built.my_chat_member.register(on_group, InStaffGroup())
    built.my_chat_member.register(on_desk, FromManager())
    built.chat_member.register(on_member, InStaffGroup())
    return built


async def on_customer(event: ChatMemberUpdated, work: Work) -> None:
    person = sender_from_user(event.from_user)
    blocked = event.new_chat_member.status in LEFT
    await act_or_refuse(work, person, follow_customer, sender=person, blocked=blocked)


async def on_desk(event: ChatMemberUpdated, work: Work) -> None:
    """A manager's chat is open to the bot again: messages that waited for it are sent."""
    if event.new_chat_member.status in LEFT:
        await work.ignore("shut out of a manager's chat; the next send says so")
        return
    await work.act(reopen_chat, chat_id=event.chat.id)


async def on_group(event: ChatMemberUpdated, work: Work) -> None:
    """Tells administrators at once that the bot has lost or regained a right in the staff group."""
    await work.act(
        update_bot_membership, chat=event.chat.model_dump(), member=event.new_chat_member.model_dump()
    )


async def on_member(event: ChatMemberUpdated, work: Work) -> None:
    """A member of the group, manager or not, joined or left."""
    now = is_inside(event.new_chat_member.model_dump(include={"status", "is_member"}))
    if now is None:
        await work.ignore("a standing in the staff group that has no meaning here")
        return
    person = event.new_chat_member.user
    removed = event.new_chat_member.status == ChatMemberStatus.KICKED
    as_of = event.date + DATE_PRECISION
    await work.act(
        update_group_membership, telegram_id=person.id, inside=now, as_of=as_of, was_removed=removed
    )


async def on_group_migrated(message: Message, work: Work, old: int, new: int) -> None:
    await work.act(migrate_staff_group, old_chat_id=old, new_chat_id=new)


def follow_customer(tx: Tx, *, sender: MessageSender, blocked: bool) -> None:
    record_block(tx, sender=sender, blocked=blocked)
    if not blocked:
        reopen_chat(tx, chat_id=sender.telegram_id)
