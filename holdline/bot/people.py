"""People as Telegram names them, and who of them is a manager: asked often, so remembered until managers change."""

import time
from weakref import WeakKeyDictionary

from aiogram.types import User

from holdline.dialogs.customer import Sender
from holdline.dialogs.text import clean_name
from holdline.store import managers
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.texts import LANGUAGES

FRESH_SECONDS = 1.0
"""How long another process's change may stay unseen; one's own is seen at once, by its bell."""

_MOST = 10_000


def sender(person: User) -> Sender:
    """A person with a name that is safe to show; an empty one becomes the number."""
    name = clean_name(person.full_name, fallback=str(person.id))
    return Sender(person.id, name, person.username, language_of(person.language_code))


def language_of(code: str | None) -> str:
    """`pl-PL` is Polish; empty where Telegram tells none that we speak."""
    base = (code or "").partition("-")[0].lower()
    return base if base in LANGUAGES else ""


class Managers:
    """Telegram ids of everybody at one desk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ids: frozenset[int] = frozenset()
        self._rings = -1
        self._until = 0.0

    async def knows(self, telegram_id: int) -> bool:
        rings = self._store.bells.rings("managers")
        if rings != self._rings or time.monotonic() > self._until:
            self._ids = await self._store.read(_ids)
            self._rings, self._until = rings, time.monotonic() + FRESH_SECONDS
        return telegram_id in self._ids


_OF: WeakKeyDictionary[Store, Managers] = WeakKeyDictionary()


async def is_manager(store: Store, telegram_id: int) -> bool:
    """Whether that person works at this desk now."""
    if store not in _OF:
        _OF[store] = Managers(store)
    return await _OF[store].knows(telegram_id)


def _ids(tx: Tx) -> frozenset[int]:
    people = managers.page(tx, active_only=True, limit=_MOST)
    return frozenset(person.telegram_id for person in people if person.active) | frozenset(tx.rules.admins)
