"""A desk with two managers and one customer, on both engines."""

from dataclasses import dataclass

import pytest

from holdline.desk.customers import customers
from holdline.desk.settings import lists
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx

ANNA = MessageSender(telegram_id=510000001, name="Anna", language="ru")


@dataclass(frozen=True)
class Desk:
    """What most stories start from."""

    store: Store
    maria: Manager
    ivan: Manager
    anna: Customer


@pytest.fixture
async def desk(store: Store) -> Desk:
    def found(tx: Tx) -> tuple[Manager, Manager, Customer]:
        lists.ensure_lists(tx)
        maria = managers.insert(tx, telegram_id=400000077, name="Maria", role="manager")
        ivan = managers.insert(tx, telegram_id=400000078, name="Ivan", role="agent")
        return maria, ivan, customers.get_or_create_customer(tx, sender=ANNA)

    return Desk(store, *(await store.act(found)))


def text(words: str, tg_message_id: int | None = None, chat_id: int | None = None) -> Content:
    """A plain text, from Telegram when it has an id there."""
    return Content(text=words, tg_message_id=tg_message_id, chat_id=chat_id)
