"""Dialogs whose customer is silent, found from the messages, and the warnings sent to these customers."""

from dataclasses import dataclass
from datetime import datetime

from holdline.store.conversation.messages import NEVER_ARRIVED
from holdline.store.tx import Row, Tx

_LIMIT = 100
_WORDS = f"""author_kind IN ('customer', 'manager') AND deleted_at IS NULL
    AND (author_kind = 'customer' OR status NOT IN {NEVER_ARRIVED})"""
_NOTHING_TO_COME = """NOT EXISTS (SELECT 1 FROM drafts f WHERE f.dialog_id = d.id AND f.state = 'waiting')
    AND NOT EXISTS (SELECT 1 FROM scheduled_replies s WHERE s.dialog_id = d.id AND s.state = 'waiting')"""


@dataclass(frozen=True, slots=True)
class SilenceWarning:
    """`message_id`: our message that the customer had not answered. `said_as`: the warning's key in the outbox."""

    dialog_id: int
    message_id: int
    warned_at: datetime
    closes_at: datetime
    said_as: str


def list_silent(tx: Tx, *, since: datetime) -> list[int]:
    """Active dialogs whose last message is a manager's reply sent at `since` or before, without a warning about it yet.

    Excludes customers who cannot be reached, and dialogs in which a draft or a scheduled reply waits. It reads every
    active dialog.
    """
    rows = tx.all(
        f"""SELECT d.id FROM dialogs d JOIN chats c ON c.customer_id = d.customer_id
            JOIN messages m ON m.id = (SELECT w.id FROM messages w WHERE w.dialog_id = d.id AND {_WORDS}
                                       ORDER BY w.id DESC LIMIT 1)
            WHERE d.bot_id = :bot AND d.state = 'active' AND c.reach = 'ok' AND m.author_kind = 'manager'
            AND m.status = 'sent' AND m.created_at <= :since AND {_NOTHING_TO_COME}
            AND NOT EXISTS (SELECT 1 FROM silence_warnings x WHERE x.dialog_id = d.id AND x.message_id = m.id)
            AND NOT EXISTS (SELECT 1 FROM messages t WHERE t.moved_to_dialog_id = d.id AND t.id > m.id
                            AND t.author_kind = 'customer')
            ORDER BY d.id LIMIT :limit""",
        bot=tx.bot_id,
        since=since,
        limit=_LIMIT,
    )
    return [int(row["id"]) for row in rows]


def last_reply(tx: Tx, dialog_id: int) -> Row | None:
    """Our reply that is the last message (id, created_at), or None if it is not the last or more is to come."""
    last = tx.one(
        f"""SELECT id, author_kind, status, created_at FROM messages
            WHERE (dialog_id = :dialog OR moved_to_dialog_id = :dialog) AND {_WORDS} ORDER BY id DESC LIMIT 1""",
        dialog=dialog_id,
    )
    if last is None or last["author_kind"] != "manager" or last["status"] != "sent":
        return None
    return (
        last
        if tx.one(f"SELECT 1 AS x FROM dialogs d WHERE d.id = :id AND {_NOTHING_TO_COME}", id=dialog_id)
        else None
    )


def put_warning(tx: Tx, warning: SilenceWarning) -> None:
    """Replaces any earlier warning."""
    tx.run(
        """INSERT INTO silence_warnings (dialog_id, bot_id, message_id, warned_at, closes_at, said_as)
           VALUES (:dialog, :bot, :message, :warned, :closes, :said_as)
           ON CONFLICT (dialog_id) DO UPDATE SET message_id = excluded.message_id, warned_at = excluded.warned_at,
               closes_at = excluded.closes_at, said_as = excluded.said_as""",
        dialog=warning.dialog_id,
        bot=tx.bot_id,
        message=warning.message_id,
        warned=warning.warned_at,
        closes=warning.closes_at,
        said_as=warning.said_as,
    )


def warning_of(tx: Tx, dialog_id: int) -> SilenceWarning | None:
    row = tx.one("SELECT * FROM silence_warnings WHERE dialog_id = :dialog", dialog=dialog_id)
    if row is None:
        return None
    said_as = row["said_as"] or f"silence:{row['dialog_id']}:{row['message_id']}"
    return SilenceWarning(row["dialog_id"], row["message_id"], row["warned_at"], row["closes_at"], said_as)


def list_due(tx: Tx) -> list[int]:
    """Dialogs whose customer was warned and whose time to close has come."""
    rows = tx.all(
        """SELECT dialog_id FROM silence_warnings WHERE bot_id = :bot AND closes_at <= :at
           ORDER BY closes_at LIMIT :limit""",
        bot=tx.bot_id,
        at=tx.at,
        limit=_LIMIT,
    )
    return [int(row["dialog_id"]) for row in rows]


def delete_warning(tx: Tx, dialog_id: int) -> None:
    tx.run("DELETE FROM silence_warnings WHERE dialog_id = :dialog", dialog=dialog_id)


def bring_back(tx: Tx, *, ahead: datetime) -> None:
    """Warnings written by a clock ahead of this one count as given now, and keep their length."""
    tx.post(
        """UPDATE silence_warnings SET closes_at = closes_at - (warned_at - :at), warned_at = :at
           WHERE bot_id = :bot AND warned_at > :ahead""",
        bot=tx.bot_id,
        at=tx.at,
        ahead=ahead,
    )
