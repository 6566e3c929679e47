"""Which message shows a form: the one that a press named, else the one that Telegram returned for it."""

from holdline.store.errors import MessageIdUnknownYet
from holdline.store.tx import Row, Tx


def key_of(form_id: int) -> str:
    """The outbox key of the form, so that it is sent once."""
    return f"form:{form_id}"


def hand_over(tx: Tx, old_id: int, new_id: int) -> None:
    """The message of the old form shows the new one from now on, and is found under it."""
    tx.run(
        "UPDATE outbox SET key = :new WHERE bot_id = :bot AND key = :old",
        bot=tx.bot_id,
        old=key_of(old_id),
        new=key_of(new_id),
    )


def message_id_of(tx: Tx, form: Row) -> int | None:
    """None while it waits to be sent. Raises MessageIdUnknownYet while it is in flight: somebody has seen it
    already.
    """
    if form["tg_message_id"] is not None:
        return int(form["tg_message_id"])
    row = tx.one(
        "SELECT tg_message_id, status FROM outbox WHERE bot_id = :bot AND key = :key",
        bot=tx.bot_id,
        key=key_of(form["id"]),
    )
    if row is not None and row["status"] == "sending":
        raise MessageIdUnknownYet(f"form {form['id']} is being sent")
    return row["tg_message_id"] if row else None
