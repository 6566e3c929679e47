"""Actors of history, made from the people of the desk."""

from holdline.dialogs.customer import Customer
from holdline.dialogs.event import Actor
from holdline.dialogs.manager import Manager
from holdline.store.people import managers
from holdline.store.tx import Tx


def manager_actor(manager: Manager) -> Actor:
    return Actor(kind="manager", name=manager.name, id=manager.id, telegram_id=manager.telegram_id)


def customer_actor(customer: Customer) -> Actor:
    return Actor(kind="customer", name=customer.name, id=customer.id, telegram_id=customer.telegram_id)


def name_of(tx: Tx, manager_id: int) -> str:
    """As the desk calls them."""
    found = managers.by_id(tx, manager_id)
    return found.name if found else "?"
