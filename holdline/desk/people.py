"""Actors of history, made from the people of the desk."""

from holdline.dialogs.customer import Customer
from holdline.dialogs.event import Actor
from holdline.dialogs.manager import Manager


def by_manager(manager: Manager) -> Actor:
    return Actor(kind="manager", name=manager.name, id=manager.id, telegram_id=manager.telegram_id)


def by_customer(customer: Customer) -> Actor:
    return Actor(kind="customer", name=customer.name, id=customer.id, telegram_id=customer.telegram_id)
