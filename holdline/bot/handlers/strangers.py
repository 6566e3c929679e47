"""Groups that are not configured. Their router is asked first, so that nothing said there reaches the desk."""

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Filter
from aiogram.types import ChatMemberUpdated, Message, TelegramObject

from holdline.bot.filters import chat_of
from holdline.bot.people import is_desk_group
from holdline.bot.work import Work
from holdline.desk.health.foreign_groups import leave_group
from holdline.dialogs.text.splitting import clean_name
from holdline.store.engine import Store
from holdline.telegram.chats import is_group

_OUT = frozenset({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})


class OutsideDesk(Filter):
    """An update in a group or channel that is not the desk's. A group that migrated from the staff group
    is the desk's.
    """

    async def __call__(self, event: TelegramObject, store: Store) -> bool:
        chat = chat_of(event)
        if chat is None or not is_group(chat.id):
            return False
        before = event.migrate_from_chat_id if isinstance(event, Message) else None
        chat_ids = [chat.id] if before is None else [chat.id, before]
        return not any([await is_desk_group(store, chat_id) for chat_id in chat_ids])


def router() -> Router:
    """The router for unknown groups, before all others."""
    built = Router(name="strangers")
    built.my_chat_member.register(on_bot_membership, OutsideDesk())
    for observer in (
        built.message,
        built.edited_message,
        built.callback_query,
        built.message_reaction,
        built.chat_member,
    ):
        observer.register(on_anything, OutsideDesk())
    return built


async def on_bot_membership(event: ChatMemberUpdated, work: Work) -> None:
    """Leaves the group when the bot was added or promoted there."""
    if event.new_chat_member.status in _OUT:
        await work.ignore("out of a group that is not the desk's")
        return
    await _leave(event, work, f"in:{work.update_id}")


async def on_anything(event: TelegramObject, work: Work) -> None:
    """Leaves a group in which the bot still is, at most once a minute."""
    await _leave(event, work, f"{work.received_at:%Y-%m-%dT%H:%M}")


async def _leave(event: TelegramObject, work: Work, cause: str) -> None:
    chat = chat_of(event)
    assert chat is not None
    title = clean_name(chat.title or "", fallback=str(chat.id))
    await work.act(leave_group, chat_id=chat.id, title=title, cause=cause)
