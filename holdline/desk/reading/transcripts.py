"""The whole conversation of a dialog as a text for a manager, with notes if they are asked for."""

from datetime import datetime

from holdline.dialogs.address import Address
from holdline.dialogs.outbox.messages import TranscriptFile
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.text.times import in_zone
from holdline.store.conversation import conversation, messages, notes
from holdline.store.delivery import outbox
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import FilePage
from holdline.texts import has_text, say

LONGEST = 5000
"""Messages in one file, the last ones; older ones can be read page by page through the API."""
PAGE = 100
"""Messages read at once, so that one read takes some milliseconds."""


def offer_transcript(
    tx: Tx, *, dialog_id: int, chat_id: int, thread_id: int | None, key: str, with_notes: bool = False
) -> None:
    """Sends the file, composed when it is sent: until then the outbox holds no text of it."""
    dialogs.by_id(tx, dialog_id)
    outbox.add(
        tx,
        [
            Outgoing(
                to=Address(chat_id, thread_id),
                item=TranscriptFile(with_notes=with_notes),
                key=f"transcript:{key}",
                dialog_id=dialog_id,
            )
        ],
    )


def transcript_head(tx: Tx, *, dialog_id: int, language: str) -> FilePage:
    """The heading of the file: which dialog it is."""
    dialog = dialogs.by_id(tx, dialog_id)
    customer = customers.by_id(tx, dialog.customer_id)
    name, number = (customer.name, customer.telegram_id) if customer else ("?", 0)
    head = [
        say("windows.transcript_head", language, id=dialog.id, title=dialog.title),
        say("cards.inbox_head", language, name=name, id=number),
        say("windows.times_in", language, zone=tx.rules.time_zone),
        "",
        "",
    ]
    return FilePage("\n".join(head), conversation.id_before_last(tx, dialog_id, messages=LONGEST))


def transcript_page(
    tx: Tx, *, dialog_id: int, language: str, after: int, with_notes: bool = False
) -> FilePage:
    """A line for each message: when, who, what, and the result of its delivery if that matters."""
    rows = conversation.page(tx, dialog_id, after=after, limit=PAGE)
    has_more = len(rows) == PAGE
    timed = [(row["created_at"], _line(tx, row, language)) for row in rows]
    if with_notes:
        until = rows[-1]["created_at"] if has_more else None
        timed += _notes(tx, dialog_id, language, after=after, until=until)
    nothing = [] if after else [say("windows.list_nothing", language)]
    lines = [line for _, line in sorted(timed, key=lambda pair: pair[0])] or nothing
    return FilePage("\n".join([*lines, ""]), rows[-1]["id"] if has_more else None)


def _notes(
    tx: Tx, dialog_id: int, language: str, *, after: int, until: datetime | None
) -> list[tuple[datetime, str]]:
    """Notes from the message `after` on: “2026-11-28 21:05 · Maria 📝 note: Be kind”."""
    noted = []
    for row in notes.between(tx, dialog_id, after=messages.time_of(tx, after), until=until):
        at = in_zone(row["created_at"], tx.rules.time_zone)
        words = row["text"].replace("\n", "\n    ")
        line = f"{at:%Y-%m-%d %H:%M} · {row['manager_name']} 📝 {say('past.note', language)}: {words}"
        noted.append((row["created_at"], line))
    return noted


def _line(tx: Tx, row: Row, language: str) -> str:
    """“2026-11-28 21:04 · Anna: Where is my parcel?”"""
    at = in_zone(row["created_at"], tx.rules.time_zone)
    who = row["customer_name"] if row["direction"] == "in" else row["manager_name"] or "?"
    return f"{at:%Y-%m-%d %H:%M} · {who}{_delivery_remark(row, language)}: {line_text(row, language)}"


def line_text(row: Row, language: str) -> str:
    """Texts and captions; a file with its kind and name."""
    words: str = f"{_references(row, language)}{row['text']}".replace("\n", "\n    ")
    if row["kind"] == "text":
        return words
    key = f"desk_notices.kind_{row['kind']}"
    kind = say(key if has_text(key) else "desk_notices.kind_other", language)
    name = row["data_json"].get("file_name")
    return " ".join(part for part in (f"[{kind}]", f"“{name}”" if name else "", words) if part)


def _references(row: Row, language: str) -> str:
    """From whom the message was forwarded, and what outside the conversation it answers."""
    data = row["data_json"]
    forwarded, replied = data.get("forwarded"), data.get("replied") or {}
    lines = [say("cards.forwarded_from", language, name=forwarded["name"])] if forwarded else []
    if replied.get("outside"):
        lines.append(say("cards.answers_outside", language, name=replied["name"]))
    if quote := data.get("quote"):
        lines.append(f"> {quote['text']}")
    return "".join(f"{line}\n" for line in lines)


def _delivery_remark(row: Row, language: str) -> str:
    """A remark only if a reader would not expect the message's state."""
    if row["deleted_at"] is not None:
        return f" ({say('windows.transcript_deleted', language)})"
    if row["direction"] == "out" and row["status"] in ("parked", "cancelled"):
        return f" ({say('windows.transcript_not_delivered', language)})"
    return ""
