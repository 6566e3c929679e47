"""The history of a dialog as managers read it: events, with messages among them."""

from typing import Any

from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.reading.reading import entries_of
from holdline.desk.reading.transcripts import line_text
from holdline.dialogs.address import Address
from holdline.dialogs.conversation.timeline import KINDS_OF, HistoryFilter, TimelineOrder, holds_words
from holdline.dialogs.event import EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.messages import TimelineFile
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import timeline as rows
from holdline.store.delivery import outbox
from holdline.store.dialogs import dialogs
from holdline.store.tx import Row, Tx


def timeline_of(
    tx: Tx, *, dialog_id: int, order: TimelineOrder, skip: int, limit: int, language: str
) -> list[dict[str, Any]]:
    """Up to `limit` entries after the first `skip`; messages have the form of history lines too."""
    dialogs.by_id(tx, dialog_id)
    wanted = rows.Wanted(
        KINDS_OF[order.filter],
        with_words=holds_words(order.filter),
        automatic_only=order.filter is HistoryFilter.AUTOMATIC,
    )
    found = rows.page(tx, dialog_id, wanted, newest_first=order.newest_first, skip=skip, limit=limit)
    lines = rows.lines(tx, [id_ for source, id_ in found if source == rows.LINE])
    said = rows.messages(tx, [id_ for source, id_ in found if source == rows.MESSAGE])
    entries = {entry["id"]: entry for entry in entries_of(tx, list(lines.values()))}
    return [
        entries[id_] if source == rows.LINE else _entry_of_message(said[id_], language)
        for source, id_ in found
    ]


def _entry_of_message(row: Row, language: str) -> dict[str, Any]:
    """The entry for a customer's message, or for a manager's before the dialog took it up."""
    by_customer = row["direction"] == "in"
    return {
        "id": row["id"],
        "at": row["created_at"],
        "kind": EventKind.CUSTOMER_WROTE if by_customer else EventKind.REPLY_GIVEN,
        "actor": {
            "kind": row["author_kind"],
            "name": row["customer_name"] if by_customer else row["manager_name"] or "?",
        },
        "text": line_text(row, language),
        "data": {},
        "dialog_id": row["dialog_id"],
    }


def offer_timeline(
    tx: Tx, manager: Manager, *, dialog_id: int, order: TimelineOrder, to: Address, key: str
) -> None:
    """Sends the file, composed when it is sent, in the language and time zone of the manager who asked."""
    dialogs.by_id(tx, dialog_id)
    zone = time_zone_of(tx, manager)
    file = TimelineFile(order.filter, zone, manager.language, newest_first=order.newest_first)
    outbox.add(tx, [Outgoing(to=to, item=file, key=f"timeline:{key}", dialog_id=dialog_id)])
