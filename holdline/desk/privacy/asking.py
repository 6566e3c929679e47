"""Asks for the erasure of a customer; the job itself is in erasing.py."""

from holdline.desk.people.managers import require_permission
from holdline.dialogs.event import SYSTEM, Actor
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotAllowed
from holdline.dialogs.rights import Act
from holdline.store.delivery import chats
from holdline.store.people import customers, managers
from holdline.store.privacy import erasures
from holdline.store.privacy.erasures import Erasure
from holdline.store.tx import Tx


def ask_to_erase(tx: Tx, *, actor: Actor, customer_id: int, keeps_copies: bool = False) -> Erasure:
    """Returns the job; a second request returns the one that runs. Somebody who works at the desk cannot be erased as a
    customer, because their chat with the bot is their place of work.
    """
    customer = customers.load(tx, customer_id)
    chats.lock_for_customer(tx, customer_id)
    manager = managers.by_telegram_id(tx, customer.telegram_id)
    if manager is not None and manager.active:
        raise NotAllowed(Act.HANDLE_PERSONAL_DATA.needs[0], because="erase_manager")
    if customer.telegram_id < 0:
        before = erasures.last_of(tx, customer_id)
        assert before is not None
        return before
    tx.wake("erasures")
    found = erasures.by_id(tx, erasures.insert(tx, customer_id, actor=actor, keeps_copies=keeps_copies))
    assert found is not None
    return found


def ask_to_erase_as(tx: Tx, *, manager: Manager, customer_id: int) -> Erasure:
    """The same for a manager with the right."""
    require_permission(tx, manager, Act.HANDLE_PERSONAL_DATA)
    return ask_to_erase(tx, actor=manager.as_actor(), customer_id=customer_id)


def erase_again(tx: Tx, *, customer_id: int, person_hash: str) -> int:
    """For a customer on the erasure list, whose copies at Telegram the first erasure has deleted. A job that is in the
    database already goes on where it is and as it was asked for: perhaps its process died after it had written the
    list.
    """
    chats.lock_for_customer(tx, customer_id)
    erasure_id = erasures.insert(tx, customer_id, actor=SYSTEM, keeps_copies=True)
    erasures.begin(tx, erasure_id, person_hash)
    return erasure_id
