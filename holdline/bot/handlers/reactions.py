"""Reactions in both directions. Each chat shows one, the newest."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.types import MessageReactionUpdated, ReactionTypeEmoji
from aiogram.types.reaction_type_union import ReactionTypeUnion

from holdline.bot.filters import FromManager, PrivateCustomer
from holdline.bot.work import Work
from holdline.desk.conversation.corrections import mirror_manager_reaction
from holdline.desk.conversation.incoming import mirror_customer_reaction
from holdline.desk.people.managers import get_acting_manager
from holdline.store.tx import Tx


def router() -> Router:
    built = Router(name="reactions")
    built.message_reaction.register(on_manager, FromManager())
    built.message_reaction.register(on_customer, PrivateCustomer())
    return built


async def on_customer(event: MessageReactionUpdated, work: Work) -> None:
    await work.act(
        mirror_customer_reaction,
        telegram_id=event.chat.id,
        tg_message_id=event.message_id,
        emoji=emoji_of(event.new_reaction),
    )


async def on_manager(event: MessageReactionUpdated, work: Work) -> None:
    assert event.user is not None
    await work.act(
        receive_manager_reaction,
        telegram_id=event.user.id,
        at=(event.chat.id, event.message_id),
        emoji=emoji_of(event.new_reaction),
    )


def receive_manager_reaction(tx: Tx, *, telegram_id: int, at: tuple[int, int], emoji: str | None) -> bool:
    manager = get_acting_manager(tx, telegram_id)
    return mirror_manager_reaction(tx, manager=manager, chat_id=at[0], tg_message_id=at[1], emoji=emoji)


def emoji_of(reactions: Sequence[ReactionTypeUnion]) -> str | None:
    """The last plain emoji, because a bot can set neither custom nor paid reactions."""
    plain = [reaction.emoji for reaction in reactions if isinstance(reaction, ReactionTypeEmoji)]
    return plain[-1] if plain else None
