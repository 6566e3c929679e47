"""A report of an update that could not be handled: who sent it and what kind it is, as far as it can be decoded."""

import json
from typing import Any

from holdline.desk.health import quarantine
from holdline.desk.people.managers import manager_by_telegram_id
from holdline.dialogs.message import KINDS
from holdline.dialogs.text.splitting import clean_name
from holdline.store.intake.inbox import InboxJob
from holdline.store.people import customers
from holdline.store.tx import Tx


def report_quarantined(tx: Tx, job: InboxJob, reason: str) -> None:
    """Runs in the transaction of the quarantine. It trusts nothing in the update, whatever its shape."""
    customer, kind = None, ""
    for name, kind_of_update in (("message", None), ("edited_message", "edit")):
        message = _object(_raw(job).get(name))
        if (writer := _customer(tx, message)) is not None:
            customer, kind = writer, kind_of_update or _kind(message)
    quarantine.notify_of_quarantined(tx, update_id=job.update_id, reason=reason, customer=customer, kind=kind)


def _raw(job: InboxJob) -> dict[str, Any]:
    try:
        return _object(json.loads(job.raw))
    except (ValueError, RecursionError):
        return {}


def _customer(tx: Tx, message: dict[str, Any]) -> str | None:
    """The name to show; None if it is not from a customer."""
    person, chat = _object(message.get("from")), _object(message.get("chat"))
    telegram_id = person.get("id")
    private = chat.get("type") == "private" and chat.get("id") == telegram_id
    if not isinstance(telegram_id, int) or isinstance(telegram_id, bool) or not private:
        return None
    if not 0 < telegram_id < 2**52 or person.get("is_bot") is True:  # ids have at most 52 bits, Bot API
        return None
    if manager_by_telegram_id(tx, telegram_id=telegram_id) is not None:
        return None
    customer = customers.by_telegram_id(tx, telegram_id)
    if customer is not None:
        return customer.name
    names = [part for part in (person.get("first_name"), person.get("last_name")) if isinstance(part, str)]
    return clean_name(" ".join(names), fallback=str(telegram_id))


def _kind(message: dict[str, Any]) -> str:
    return next((kind for kind in KINDS if kind in message), "other")


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
