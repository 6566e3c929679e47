"""Inbox items: a run of customer messages in the general chat that waits for the desk."""

from dataclasses import dataclass, replace

from holdline.dialogs.decisions.inbox_items import InboxItem
from holdline.dialogs.dialog import Person
from holdline.dialogs.refusal import NotFound
from holdline.store.tx import Row, Tx

_SELECT = """
SELECT i.*, c.name AS customer_name, c.telegram_id, f.text AS first_text, f.kind AS first_kind,
       f.created_at AS first_at, m.telegram_id AS assignee_telegram_id, m.name AS assignee_name, t.name AS team_name,
       (SELECT w.created_at FROM messages w WHERE w.customer_id = i.customer_id AND w.inbox_item_id = i.id
        ORDER BY w.id DESC LIMIT 1) AS last_at
FROM inbox_items i JOIN customers c ON c.id = i.customer_id
LEFT JOIN messages f ON f.id = i.first_message_id
LEFT JOIN managers m ON m.id = i.assignee_id LEFT JOIN teams t ON t.id = i.team_id
"""
_HAS_OWNER = "(i.assignee_id IS NOT NULL OR i.team_id IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """The filters of an item list; None does not filter. `unassigned`: neither a person nor a team has it."""

    state: str | None = None
    assignee_telegram_id: int | None = None
    unassigned: bool = False
    team: str | None = None
    assigned: bool = False
    """A person or a team has it."""

    def conditions(self) -> tuple[list[str], dict[str, object]]:
        """SQL conditions and their values."""
        given = {
            "i.state = :state": ("state", self.state),
            "m.telegram_id = :assignee": ("assignee", self.assignee_telegram_id),
            "t.name = :team": ("team", self.team),
        }
        named = {sql: pair for sql, pair in given.items() if pair[1] is not None}
        conditions = list(named)
        if self.unassigned:
            conditions.append(f"NOT {_HAS_OWNER}")
        if self.assigned:
            conditions.append(_HAS_OWNER)
        return conditions, dict(named.values())


def lock_new(tx: Tx, customer_id: int) -> InboxItem | None:
    """The customer's only new item, locked."""
    row = tx.one(
        "SELECT * FROM inbox_items WHERE customer_id = :customer AND state = 'new' FOR UPDATE",
        customer=customer_id,
    )
    return _item(row) if row is not None else None


def lock_newest(tx: Tx, customer_id: int) -> InboxItem | None:
    """The customer's newest item in any state, locked."""
    row = tx.one(
        "SELECT * FROM inbox_items WHERE customer_id = :customer ORDER BY id DESC LIMIT 1 FOR UPDATE",
        customer=customer_id,
    )
    return _item(row) if row is not None else None


def load_locked(tx: Tx, item_id: int) -> InboxItem:
    """The item with its owner, locked until the end. Raises NotFound if this bot has no such item."""
    row = tx.one(
        "SELECT * FROM inbox_items WHERE bot_id = :bot AND id = :id FOR UPDATE", bot=tx.bot_id, id=item_id
    )
    if row is None:
        raise NotFound("inbox item", item_id)
    item = _item(row)
    if row["assignee_id"] is None and row["team_id"] is None:
        return item
    names = by_id_with_names(tx, item_id)
    assignee = None
    if names["assignee_id"] is not None:
        assignee = Person(names["assignee_id"], names["assignee_telegram_id"], names["assignee_name"])
    return replace(item, assignee=assignee, team=names["team_name"])


def count_unanswered_messages(tx: Tx, customer_id: int) -> int:
    """How many of the customer's messages were not yet answered, ignored or taken into a dialog."""
    row = tx.one(
        "SELECT COALESCE(SUM(message_count), 0) AS n FROM inbox_items WHERE customer_id = :customer AND state = 'new'",
        customer=customer_id,
    )
    return int(row["n"]) if row else 0


def count_waiting(tx: Tx) -> int:
    """How many items wait for the desk."""
    row = tx.one("SELECT COUNT(*) AS n FROM inbox_items WHERE bot_id = :bot AND state = 'new'", bot=tx.bot_id)
    return int(row["n"]) if row else 0


def insert(tx: Tx, customer_id: int) -> int:
    row = tx.one(
        """INSERT INTO inbox_items (bot_id, customer_id, state, created_at, changed_at)
           VALUES (:bot, :customer, 'new', :at, :at) RETURNING id""",
        bot=tx.bot_id,
        customer=customer_id,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def add_message(tx: Tx, item_id: int, message_id: int) -> None:
    """The message may be older than those of the item, if it was edited."""
    tx.run(
        """UPDATE inbox_items SET message_count = message_count + 1, changed_at = :at,
                  first_message_id = CASE WHEN first_message_id < :message THEN first_message_id ELSE :message END
           WHERE id = :id""",
        at=tx.at,
        message=message_id,
        id=item_id,
    )


def reopen(tx: Tx, item_id: int) -> None:
    """Lets the item wait again under the same id. The caller must have locked it."""
    tx.run(
        "UPDATE inbox_items SET state = 'new', handled_by = NULL, changed_at = :at WHERE id = :id",
        at=tx.at,
        id=item_id,
    )


def save(tx: Tx, item: InboxItem) -> None:
    """Saves the decision about the item. The caller must have locked it."""
    tx.run(
        """UPDATE inbox_items SET state = :state, handled_by = :manager, dialog_id = :dialog, changed_at = :at
           WHERE id = :id""",
        state=item.state,
        manager=item.handled_by,
        dialog=item.dialog_id,
        at=tx.at,
        id=item.id,
    )


def first_text(tx: Tx, item_id: int) -> str:
    """The first text or caption in the item; empty if there is none."""
    row = tx.one(
        """SELECT m.text FROM messages m JOIN inbox_items i ON i.customer_id = m.customer_id AND i.id = m.inbox_item_id
           WHERE i.bot_id = :bot AND i.id = :item AND m.id >= i.first_message_id AND m.text <> ''
           AND m.deleted_at IS NULL ORDER BY m.id LIMIT 1""",
        bot=tx.bot_id,
        item=item_id,
    )
    return str(row["text"]) if row else ""


def by_id(tx: Tx, item_id: int) -> Row:
    row = tx.one("SELECT * FROM inbox_items WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=item_id)
    if row is None:
        raise NotFound("inbox item", item_id)
    return row


def by_id_with_names(tx: Tx, item_id: int) -> Row:
    """The item with everything that a list shows of it. Raises NotFound if this bot has no such item."""
    rows = tx.all(f"{_SELECT} WHERE i.bot_id = :bot AND i.id = :id", bot=tx.bot_id, id=item_id)
    if not rows:
        raise NotFound("inbox item", item_id)
    return rows[0]


def set_assignee(tx: Tx, item_id: int, *, assignee_id: int | None, team_id: int | None) -> None:
    """Sets who has the item. Its state does not change: it still waits."""
    tx.run(
        "UPDATE inbox_items SET assignee_id = :assignee, team_id = :team WHERE id = :id",
        assignee=assignee_id,
        team=team_id,
        id=item_id,
    )


def page(tx: Tx, narrowed: ItemFilter, *, after: int = 0, limit: int = 50) -> list[Row]:
    """Items, oldest first, with the customer, the first text and the owner."""
    conditions, values = narrowed.conditions()
    where = " AND ".join(["i.bot_id = :bot", "i.id > :after", *conditions])
    return tx.all(
        f"{_SELECT} WHERE {where} ORDER BY i.id LIMIT :limit",
        bot=tx.bot_id,
        after=after,
        limit=limit,
        **values,
    )


def count_new(tx: Tx, *, assigned: bool, most: int) -> int:
    """How many items wait with an owner, or without one; counts at most `most`."""
    row = tx.one(
        f"""SELECT COUNT(*) AS items FROM (
                SELECT i.id FROM inbox_items i WHERE i.bot_id = :bot AND i.state = 'new'
                AND {_HAS_OWNER if assigned else f"NOT {_HAS_OWNER}"} LIMIT :most) few""",
        bot=tx.bot_id,
        most=most,
    )
    return int(row["items"]) if row else 0


def _item(row: Row) -> InboxItem:
    return InboxItem(
        id=row["id"],
        customer_id=row["customer_id"],
        state=row["state"],
        message_count=row["message_count"],
        first_message_id=row["first_message_id"],
        handled_by=row["handled_by"],
        dialog_id=row["dialog_id"],
    )
