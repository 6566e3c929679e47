"""The conversation of a dialog as a file for its customer: what both sides have read, without managers' names."""

from holdline.desk.reading.transcripts import LONGEST, PAGE, line_text
from holdline.dialogs.customer import Customer
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.messages import HistoryFile
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.text.times import in_zone
from holdline.store.conversation import conversation
from holdline.store.delivery import outbox
from holdline.store.tx import Row, Tx
from holdline.telegram.call import FilePage
from holdline.texts import say


def offer_history(tx: Tx, customer: Customer, *, message: Message) -> None:
    """Sends the file right after the reply; it is composed when it is sent."""
    outbox.add(
        tx,
        [
            Outgoing(
                to=customer.address,
                item=HistoryFile(message.id),
                class_=MessageClass.MANAGER,
                key=f"history_of:{message.id}",
                customer_id=customer.id,
                dialog_id=message.dialog_id,
            )
        ],
    )


def history_head(tx: Tx, *, dialog_id: int, language: str) -> FilePage:
    """The heading, with the dialog's number only: its title is for the desk."""
    head = [
        say("scheduled.history_head", language, id=dialog_id),
        say("windows.times_in", language, zone=tx.rules.time_zone),
        "",
        "",
    ]
    return FilePage("\n".join(head), conversation.id_before_last(tx, dialog_id, messages=LONGEST))


def history_page(tx: Tx, *, dialog_id: int, language: str, after: int, until: int) -> FilePage:
    """A line for each message that has arrived and was not taken back."""
    rows = conversation.page(tx, dialog_id, after=after, limit=PAGE)
    lines = [_line(tx, row, language) for row in rows if row["id"] <= until and _was_read(row)]
    more = len(rows) == PAGE and rows[-1]["id"] < until
    return FilePage("\n".join([*lines, ""]), rows[-1]["id"] if more else None)


def _was_read(row: Row) -> bool:
    arrived = row["status"] == "sent" if row["direction"] == "out" else row["status"] != "refused"
    return arrived and row["deleted_at"] is None


def _line(tx: Tx, row: Row, language: str) -> str:
    at = in_zone(row["created_at"], tx.rules.time_zone)
    who = row["customer_name"] if row["direction"] == "in" else say("scheduled.history_desk", language)
    return f"{at:%Y-%m-%d %H:%M} · {who}: {line_text(row, language)}"
