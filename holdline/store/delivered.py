"""What a delivery writes back into messages, surveys and history."""

from datetime import datetime

from holdline.store.tx import Row, Tx


def message_sent(tx: Tx, message_id: int) -> Row | None:
    """Every part has arrived; when it was edited or taken back meanwhile."""
    return tx.one(
        """UPDATE messages SET status = 'sent', sent_at = :at WHERE id = :id
           RETURNING edited_at, deleted_at""",
        at=tx.at,
        id=message_id,
    )


def changed_since(tx: Tx, message_id: int, begun_at: datetime) -> tuple[bool, bool]:
    """(edited, taken back) while its copy was on the wire: the copy must follow."""
    row = tx.one("SELECT edited_at, deleted_at FROM messages WHERE id = :id", id=message_id)
    if row is None:
        return False, False
    return row["edited_at"] is not None and row["edited_at"] >= begun_at, row["deleted_at"] is not None


def survey_delivered(tx: Tx, survey_id: int) -> None:
    tx.run("UPDATE surveys SET state = 'delivered' WHERE id = :id AND state = 'offered'", id=survey_id)


def survey_failed(tx: Tx, survey_id: int) -> None:
    tx.run("UPDATE surveys SET state = 'failed' WHERE id = :id AND state = 'offered'", id=survey_id)


def crossed_already(tx: Tx, dialog_id: int, outbox_id: int) -> bool:
    """Whether the dialog's history tells of this crossing."""
    rows = tx.all("SELECT data_json FROM history WHERE dialog_id = :id AND kind = 'crossed'", id=dialog_id)
    return any(row["data_json"].get("outbox_id") == outbox_id for row in rows)


def last_opened_dialog(tx: Tx, customer_id: int) -> int | None:
    """The dialog that held the gate last: the active one, else the one most lately opened or resumed."""
    row = tx.one(
        """SELECT id FROM dialogs WHERE bot_id = :bot AND customer_id = :customer
           ORDER BY CASE WHEN state = 'active' THEN 0 ELSE 1 END, changed_at DESC, id DESC LIMIT 1""",
        bot=tx.bot_id,
        customer=customer_id,
    )
    return int(row["id"]) if row else None
