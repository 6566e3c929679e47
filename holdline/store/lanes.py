"""Lanes: one destination chat each, with its gate, its pace and its lease."""

from holdline.dialogs.gate import Gate
from holdline.store.tx import Row, Tx


def ensure(tx: Tx, chat_id: int, *, customer_id: int | None = None) -> None:
    """The lane exists afterwards; a chat that turns out to be a customer's is tied to that customer."""
    tx.run(
        """INSERT INTO lanes (bot_id, chat_id, customer_id, kind) VALUES (:bot, :chat, :customer, :kind)
           ON CONFLICT (bot_id, chat_id) DO UPDATE
           SET customer_id = COALESCE(lanes.customer_id, excluded.customer_id)""",
        bot=tx.bot_id,
        chat=chat_id,
        customer=customer_id,
        kind="private" if chat_id > 0 else "group",
    )


def locked_for_customer(tx: Tx, customer_id: int) -> Row:
    """The customer's lane under lock: always the first lock a unit takes."""
    row = tx.one("SELECT * FROM lanes WHERE customer_id = :customer FOR UPDATE", customer=customer_id)
    if row is None:
        raise LookupError(f"customer {customer_id} has no lane; run `holdline doctor`")
    return row


def set_gate(tx: Tx, customer_id: int, gate: Gate) -> bool:
    """Flip the gate where it differs; whether it flipped. The epoch counts flips."""
    flipped = tx.run(
        """UPDATE lanes SET gate = :gate, gate_epoch = gate_epoch + 1, gate_changed_at = :at
           WHERE customer_id = :customer AND gate <> :gate""",
        gate=gate.value,
        at=tx.at,
        customer=customer_id,
    )
    if flipped:
        tx.wake("outbox")
    return bool(flipped)


def wants(tx: Tx, chat_id: int, lane: str, due_at: object) -> None:
    """Something new waits there from `due_at` on."""
    column = "dialog_due_at" if lane == "dialog" else "marketing_due_at"
    tx.run(
        f"""UPDATE lanes SET {column} = CASE WHEN {column} IS NULL OR {column} > :due THEN :due ELSE {column} END
            WHERE bot_id = :bot AND chat_id = :chat""",
        due=due_at,
        bot=tx.bot_id,
        chat=chat_id,
    )
