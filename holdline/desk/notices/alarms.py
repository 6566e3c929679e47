"""Alarms for those who administer the desk: sent to their own chats, and kept until we can write there."""

from datetime import timedelta
from typing import Any

from holdline.dialogs.address import Address
from holdline.dialogs.outbox.item import ALARM_DAYS
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.store.delivery import outbox
from holdline.store.people import managers
from holdline.store.tx import Tx


def notify_editors(
    tx: Tx, key: str, words: dict[str, Any], *, cause: str, lasts: timedelta = timedelta(days=ALARM_DAYS)
) -> None:
    """Notifies everybody who may edit managers, once for each `cause`. `lasts`: how long the alarm is worth sending."""
    notice = DeskNotice(key, words, alarm=True)
    for person in managers.list_permitted(tx, Act.EDIT_PEOPLE):
        out = Outgoing(
            to=Address(person.telegram_id),
            item=notice,
            key=f"{key}:{cause}:{person.telegram_id}",
            expires_at=tx.at + lasts,
        )
        outbox.add(tx, [out])
