"""Telegram users, which of them are managers, and which groups are the desk's.

The last two are needed for every update, so the answers are cached until something changes.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from aiogram.types import User

from holdline.desk.health.foreign_groups import staff_group_ids
from holdline.desk.notices.places import GROUPS_BELL, staff_group
from holdline.desk.people.membership import doubtful_leavers
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.text.splitting import clean_name
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.chats import is_group
from holdline.texts import LANGUAGES

FRESH_SECONDS = 1.0
"""The longest delay until a change by another process is seen. A change by this process is seen at once, by its bell.
"""

_MOST = 10_000
T = TypeVar("T")


def sender_from_user(person: User) -> MessageSender:
    """A person with a name that is safe to show. An empty name is replaced by the id."""
    name = clean_name(person.full_name, fallback=str(person.id))
    return MessageSender(person.id, name, person.username, language_of(person.language_code))


def language_of(code: str | None) -> str:
    """`pl-PL` is Polish. Empty if Telegram gives no language that we support."""
    base = (code or "").partition("-")[0].lower()
    return base if base in LANGUAGES else ""


class CachedQuery(Generic[T]):
    """Caches the answer to `question` until the bell `channel` rings, and for at most a second."""

    def __init__(self, question: Callable[[Tx], T], channel: str) -> None:
        self._question = question
        self._channel = channel
        self._answers: WeakKeyDictionary[Store, tuple[T, int, float]] = WeakKeyDictionary()

    async def now(self, store: Store) -> T:
        rings = store.bells.rings(self._channel)
        cached = self._answers.get(store)
        if cached is None or cached[1] != rings or time.monotonic() > cached[2]:
            answer = await store.read(self._question)
            cached = self._answers[store] = (answer, rings, time.monotonic() + FRESH_SECONDS)
        return cached[0]


async def is_manager(store: Store, telegram_id: int) -> bool:
    """Whether that person is an active manager of this desk."""
    return telegram_id in await _MANAGERS.now(store)


async def is_staff_group(store: Store, chat_id: int) -> bool:
    """Whether that is the staff group, by its current id."""
    return is_group(chat_id) and chat_id == await _GROUP.now(store)


async def is_desk_group(store: Store, chat_id: int) -> bool:
    """Whether that is the staff group, by its current or a former id."""
    return chat_id in await _GROUPS.now(store)


async def may_be_wrongly_gone(store: Store, chat_id: int, telegram_id: int) -> bool:
    """Whether Telegram has reported that this author of a message in the staff group left it."""
    return await is_staff_group(store, chat_id) and telegram_id in await _DOUBTFUL.now(store)


def _ids(tx: Tx) -> frozenset[int]:
    people = managers.page(tx, active_only=True, limit=_MOST)
    return frozenset(person.telegram_id for person in people if person.active) | frozenset(tx.rules.admins)


_MANAGERS = CachedQuery(_ids, "managers")
_GROUP = CachedQuery(staff_group, GROUPS_BELL)
_GROUPS = CachedQuery(staff_group_ids, GROUPS_BELL)
_DOUBTFUL = CachedQuery(doubtful_leavers, "managers")
