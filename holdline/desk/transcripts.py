"""The whole conversation of a dialog as a text that a manager can keep; notes are never in it."""

from holdline.dialogs.audience import Audience
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.times import in_zone
from holdline.store import conversation, customers, dialogs, outbox
from holdline.store.tx import Row, Tx
from holdline.texts import known, say

LONGEST = 5000
"""Messages in one file: what is older can be read page by page through the API."""


def offer_transcript(tx: Tx, *, dialog_id: int, chat_id: int, thread_id: int | None, key: str) -> None:
    """The file, composed when it is sent: until then nothing of it lies in the outbox."""
    dialogs.by_id(tx, dialog_id)
    outbox.add(
        tx,
        [
            Outgoing(
                chat_id=chat_id,
                kind="transcript",
                class_=MessageClass.DESK,
                audience=Audience.DESK,
                key=f"transcript:{key}",
                payload={"thread_id": thread_id},
                dialog_id=dialog_id,
            )
        ],
    )


def transcript_text(tx: Tx, *, dialog: Dialog, language: str) -> str:
    """A head, then a line for each message: when, who, what, and what became of it where that matters."""
    customer = customers.by_id(tx, dialog.customer_id)
    name, number = (customer.name, customer.telegram_id) if customer else ("?", 0)
    head = [
        say("windows.transcript_head", language, id=dialog.id, title=dialog.title),
        say("cards.inbox_head", language, name=name, id=number),
        say("windows.times_in", language, zone=tx.rules.time_zone),
        "",
    ]
    rows = conversation.whole(tx, dialog.id, limit=LONGEST)
    lines = [_line(tx, row, language) for row in rows] or [say("windows.list_nothing", language)]
    return "\n".join([*head, *lines, ""])


def _line(tx: Tx, row: Row, language: str) -> str:
    """“2026-11-28 21:04 · Anna: Where is my parcel?”"""
    at = in_zone(row["created_at"], tx.rules.time_zone)
    who = row["customer_name"] if row["direction"] == "in" else row["manager_name"] or "?"
    return f"{at:%Y-%m-%d %H:%M} · {who}{_fate(row, language)}: {_said(row, language)}"


def _said(row: Row, language: str) -> str:
    """Words and captions; a file by its kind and name."""
    words: str = row["text"].replace("\n", "\n    ")
    if row["kind"] == "text":
        return words
    key = f"desk_notices.kind_{row['kind']}"
    kind = say(key if known(key) else "desk_notices.kind_other", language)
    name = row["data_json"].get("file_name")
    return " ".join(part for part in (f"[{kind}]", f"“{name}”" if name else "", words) if part)


def _fate(row: Row, language: str) -> str:
    """Only what a reader would not expect."""
    if row["deleted_at"] is not None:
        return f" ({say('windows.transcript_deleted', language)})"
    if row["direction"] == "out" and row["status"] in ("parked", "cancelled"):
        return f" ({say('windows.transcript_not_delivered', language)})"
    return ""
