"""Forwards of dialogs, and the result for each recipient."""

from dataclasses import dataclass

from holdline.dialogs.decisions.forwards import Forward, ForwardOrder, ForwardRecipient
from holdline.dialogs.refusal import NotFound
from holdline.store.tx import Row, Tx, placeholders

_WAITING = 200


@dataclass(frozen=True, slots=True)
class ForwardCopy:
    """How one recipient gets it: the id of a letter, or the outbox key of a Telegram message."""

    recipient: ForwardRecipient
    mail_id: int | None = None
    said_as: str | None = None


def insert(tx: Tx, order: ForwardOrder, *, dialog_id: int, manager_id: int, form_id: int | None) -> int:
    row = tx.one(
        """INSERT INTO forwards (bot_id, dialog_id, manager_id, subject, message, parts_json, form_id, created_at)
           VALUES (:bot, :dialog, :manager, :subject, :message, :parts, :form, :at) RETURNING id""",
        bot=tx.bot_id,
        dialog=dialog_id,
        manager=manager_id,
        subject=order.subject,
        message=order.message,
        parts=list(order.parts),
        form=form_id,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def add_copy(tx: Tx, forward_id: int, copy: ForwardCopy) -> None:
    tx.run(
        """INSERT INTO forward_recipients (forward_id, email, telegram_id, name, mail_id, said_as)
           VALUES (:forward, :email, :telegram, :name, :mail, :said_as)""",
        forward=forward_id,
        email=copy.recipient.email,
        telegram=copy.recipient.telegram_id,
        name=copy.recipient.name,
        mail=copy.mail_id,
        said_as=copy.said_as,
    )


def by_id(tx: Tx, forward_id: int) -> Forward:
    """Raises NotFound if this bot has no forward with that id."""
    row = tx.one("SELECT * FROM forwards WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=forward_id)
    if row is None:
        raise NotFound("forward", forward_id)
    recipients = recipients_of(tx, [forward_id]).get(forward_id, ())
    return Forward(row["id"], row["dialog_id"], row["subject"], recipients, row["form_id"])


def recipients_of(tx: Tx, forward_ids: list[int]) -> dict[int, tuple[ForwardRecipient, ...]]:
    """Recipients by forward, in the order in which they were named."""
    if not forward_ids:
        return {}
    among, values = placeholders(forward_ids)
    rows = tx.all(f"SELECT * FROM forward_recipients WHERE forward_id IN ({among}) ORDER BY id", **values)
    return {
        forward_id: tuple(_recipient(row) for row in rows if row["forward_id"] == forward_id)
        for forward_id in forward_ids
    }


def list_ended(tx: Tx) -> list[Row]:
    """Recipients whose letter or message has ended: id, forward_id, mail_status, said_status, error."""
    return tx.all(
        """SELECT r.id, r.forward_id, m.status AS mail_status, o.status AS said_status,
                  COALESCE(m.error, o.error) AS error
           FROM forward_recipients r JOIN forwards f ON f.id = r.forward_id
           LEFT JOIN mails m ON m.id = r.mail_id
           LEFT JOIN outbox o ON o.bot_id = f.bot_id AND o.key = r.said_as
           WHERE r.status = 'queued' AND f.bot_id = :bot
           AND (m.status <> 'queued' OR o.status NOT IN ('queued', 'sending'))
           ORDER BY r.id LIMIT :limit""",
        bot=tx.bot_id,
        limit=_WAITING,
    )


def settle_copy(tx: Tx, recipient_id: int, *, status: str, reason: str | None) -> None:
    tx.run(
        "UPDATE forward_recipients SET status = :status, reason = :reason WHERE id = :id AND status = 'queued'",
        id=recipient_id,
        status=status,
        reason=reason,
    )


def _recipient(row: Row) -> ForwardRecipient:
    return ForwardRecipient(row["email"], row["telegram_id"], row["name"], row["status"], row["reason"])
