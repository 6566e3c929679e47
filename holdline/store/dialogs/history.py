"""History: lines are added, never changed."""

from collections.abc import Iterable
from datetime import datetime

from holdline.dialogs.event import Event
from holdline.dialogs.message import Message
from holdline.store.tx import Row, Tx

_MOVES = "('dialog_paused', 'dialog_resumed', 'dialog_closed', 'dialog_unmerged')"


def add(tx: Tx, events: Iterable[Event]) -> None:
    """Adds the lines, in the same transaction as the change that they record."""
    for event in events:
        tx.run(
            """INSERT INTO history (bot_id, customer_id, dialog_id, kind, actor_kind, actor_name, actor_id,
                                    actor_telegram_id, text, data_json, created_at)
               VALUES (:bot, :customer, :dialog, :kind, :actor_kind, :actor_name, :actor_id,
                       :actor_telegram_id, :text, :data, :at)""",
            bot=tx.bot_id,
            customer=event.customer_id,
            dialog=event.dialog_id,
            kind=event.kind,
            actor_kind=event.actor.kind,
            actor_name=event.actor.name,
            actor_id=event.actor.id,
            actor_telegram_id=event.actor.telegram_id,
            text=event.text,
            data=event.data,
            at=tx.at,
        )


def page(
    tx: Tx,
    *,
    customer_id: int | None = None,
    dialog_id: int | None = None,
    kind: str | None = None,
    newest_first: bool = False,
    after: int | None = None,
    limit: int = 50,
) -> list[Row]:
    """The lines of one dialog, or all of a customer's; only those of `kind` if it is given."""
    step = "<" if newest_first else ">"
    narrowed = "dialog_id = :scope" if dialog_id is not None else "customer_id = :scope"
    narrowed += " AND kind = :kind" if kind is not None else ""
    return tx.all(
        f"""SELECT * FROM history WHERE bot_id = :bot AND {narrowed}
            AND (CAST(:after AS BIGINT) IS NULL OR id {step} :after)
            ORDER BY id {"DESC" if newest_first else "ASC"} LIMIT :limit""",
        bot=tx.bot_id,
        scope=dialog_id if dialog_id is not None else customer_id,
        after=after,
        limit=limit,
        **({"kind": kind} if kind is not None else {}),
    )


def last_at(tx: Tx, dialog_id: int, kind: str) -> datetime | None:
    """When an event of that kind last happened in the dialog."""
    row = tx.one(
        "SELECT created_at FROM history WHERE dialog_id = :dialog AND kind = :kind ORDER BY id DESC LIMIT 1",
        dialog=dialog_id,
        kind=kind,
    )
    return row["created_at"] if row else None


def start_payload(tx: Tx, customer_id: int) -> str:
    """The payload of the customer's last /start that had one, which says where they came from."""
    rows = tx.all(
        """SELECT data_json FROM history WHERE customer_id = :customer AND kind = 'customer_started'
           ORDER BY id DESC LIMIT 20""",
        customer=customer_id,
    )
    return next((str(row["data_json"]["payload"]) for row in rows if row["data_json"].get("payload")), "")


def newest_payload(tx: Tx, customer_id: int) -> str:
    """The payload of the customer's last /start; empty if it had none."""
    row = tx.one(
        """SELECT data_json FROM history WHERE customer_id = :customer AND kind = 'customer_started'
           ORDER BY id DESC LIMIT 1""",
        customer=customer_id,
    )
    return str(row["data_json"].get("payload") or "") if row is not None else ""


def assignments(tx: Tx, dialog_id: int, *, since: datetime) -> list[Row]:
    """Changes of the assignee since then, newest first: `from` and `to` as Telegram ids, and the `cause`."""
    rows = tx.all(
        """SELECT data_json FROM history WHERE dialog_id = :dialog AND kind = 'dialog_assigned'
           AND created_at > :since ORDER BY id DESC LIMIT 50""",
        dialog=dialog_id,
        since=since,
    )
    return [row["data_json"] for row in rows]


def close_requests(tx: Tx, dialog_id: int) -> list[Row]:
    """The requests to close the dialog, newest first."""
    return tx.all(
        """SELECT * FROM history WHERE dialog_id = :dialog AND kind = 'close_requested'
           ORDER BY id DESC LIMIT 20""",
        dialog=dialog_id,
    )


def last_transition(tx: Tx, dialog_id: int) -> Row | None:
    """The event that last paused, resumed, closed or unmerged the dialog: kind, actor_name."""
    return tx.one(
        f"""SELECT kind, actor_name FROM history WHERE dialog_id = :dialog AND kind IN {_MOVES}
            ORDER BY id DESC LIMIT 1""",
        dialog=dialog_id,
    )


def last_pause_id(tx: Tx, dialog_id: int) -> int | None:
    """The id of the line about the dialog's last pause, over or not."""
    row = tx.one(
        """SELECT id FROM history WHERE dialog_id = :dialog AND kind = 'dialog_paused'
           ORDER BY id DESC LIMIT 1""",
        dialog=dialog_id,
    )
    return int(row["id"]) if row else None


def last_close(tx: Tx, dialog_id: int) -> Row | None:
    """Who closed the dialog last, when, and what was recorded with it: actor_name, created_at, data_json."""
    return tx.one(
        """SELECT actor_name, created_at, data_json FROM history WHERE dialog_id = :dialog AND kind = 'dialog_closed'
           ORDER BY id DESC LIMIT 1""",
        dialog=dialog_id,
    )


def deleter_name(tx: Tx, message: Message) -> str | None:
    """The name of the person who first deleted the message for its reader; None if nobody did."""
    row = tx.one(
        """SELECT actor_name FROM history WHERE customer_id = :customer
           AND kind IN ('message_deleted', 'message_undone')
           AND CAST(json_extract(data_json, '$.message_id') AS BIGINT) = :message ORDER BY id LIMIT 1""",
        customer=message.customer_id,
        message=message.id,
    )
    return str(row["actor_name"]) if row else None


def find_paused_dialog(tx: Tx, customer_id: int, *, at: datetime) -> int | None:
    """The customer's dialog that was paused at that time; if there are several, the one paused last."""
    row = tx.one(
        f"""SELECT p.dialog_id FROM history p WHERE p.customer_id = :customer AND p.kind = 'dialog_paused'
            AND p.created_at <= :moment AND NOT EXISTS (
                SELECT 1 FROM history l WHERE l.dialog_id = p.dialog_id AND l.id > p.id
                AND l.kind IN {_MOVES} AND l.created_at <= :moment)
            ORDER BY p.id DESC LIMIT 1""",
        customer=customer_id,
        moment=at,
    )
    return int(row["dialog_id"]) if row else None
