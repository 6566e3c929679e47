"""The text of a forwarded dialog: the sender's message, then the chosen parts."""

from datetime import timedelta
from typing import Any

from holdline.desk.people.managers import manager_name
from holdline.desk.reading.transcripts import transcript_page
from holdline.dialogs.decisions.forwards import ForwardOrder
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import EventKind
from holdline.dialogs.text.times import minute_text
from holdline.dialogs.text.value_words import own_value_words, priority_words, stage_words
from holdline.store.conversation import conversation, notes
from holdline.store.dialogs import forwards
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say

MOST_MESSAGES = 300
MOST_NOTES = 100


def compose_forward(tx: Tx, dialog: Dialog, order: ForwardOrder, *, language: str) -> str:
    """The text for an e-mail or a message."""
    compose = {"info": _info, "history": _talk, "notes": _notes}
    parts = [compose[part](tx, dialog, language) for part in order.parts]
    head = say("windows.transcript_head", language, id=dialog.id, title=dialog.title)
    return "\n\n".join(part for part in (order.message, head, *parts) if part)


def add_results_of_forwards(tx: Tx, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Adds the present result of each recipient to history lines about forwards."""
    forwards_data = [entry["data"] for entry in entries if entry["kind"] == EventKind.DIALOG_FORWARDED]
    now = forwards.recipients_of(tx, [data["forward_id"] for data in forwards_data])
    for data in forwards_data:
        data["recipients"] = [recipient.told for recipient in now[data["forward_id"]]]
    return entries


def _info(tx: Tx, dialog: Dialog, language: str) -> str:
    """The dialog's fields that have a value."""
    customer = customers.by_id(tx, dialog.customer_id)
    assignee = dialog.assignee.name if dialog.assignee else say("forwarding.nobody", language)
    due = minute_text(dialog.due_at, tx.rules.time_zone) if dialog.due_at else ""
    ours = {
        "forwarding.customer": customer.name if customer else "",
        "forwarding.state": say(f"cards.state_{dialog.state}", language),
        "fields.stage": stage_words(dialog.stage, language),
        "fields.type": dialog.type,
        "fields.priority": priority_words(dialog.priority, language),
        "forwarding.assignee": assignee,
        "fields.participants": ", ".join(person.name for person in dialog.participants),
        "fields.queue": dialog.queue or "",
        "fields.tags": ", ".join(dialog.tags),
        "fields.reasons": ", ".join(dialog.reasons),
        "fields.components": ", ".join(dialog.components),
        "fields.root_causes": ", ".join(dialog.root_causes),
        "fields.due_at": due,
    }
    values = [
        *((say(key, language), value) for key, value in ours.items()),
        *((name, own_value_words(value, language)) for name, value in dialog.fields.items()),
        (say("fields.description", language), dialog.description),
    ]
    return "\n".join(f"{name}: {value}" for name, value in values if value)


def _talk(tx: Tx, dialog: Dialog, language: str) -> str:
    """The conversation with the customer; of a long one the last messages."""
    after: int | None = conversation.id_before_last(tx, dialog.id, messages=MOST_MESSAGES)
    pages = [f"— {say('forwarding.history', language)} ({tx.rules.time_zone}) —"]
    while after is not None:
        page = transcript_page(tx, dialog_id=dialog.id, language=language, after=after)
        pages.append(page.text.rstrip("\n"))
        after = page.last
    return "\n".join(pages)


def _notes(tx: Tx, dialog: Dialog, language: str) -> str:
    """The managers' notes; the customer has seen none of them."""
    rows = notes.newest(tx, dialog.id, before=tx.at + timedelta(seconds=1), limit=MOST_NOTES)
    lines = [
        f"{minute_text(row['created_at'], tx.rules.time_zone)} · "
        f"{manager_name(tx, row['manager_id'])}: {row['text']}"
        for row in rows
    ]
    head = f"— {say('forwarding.notes', language)} —"
    return "\n".join([head, *(lines or [say("windows.list_nothing", language)])])
