"""What an audience can be filtered by: the tags and the languages that customers have."""

from holdline.store.tx import Tx

_LOOKED_AT = 5000
"""How many customers' tags are read, the newest first: the buttons must appear at once, however many customers there
are.
"""


def list_tags(tx: Tx, *, limit: int) -> list[str]:
    """By name; tags of the newest customers."""
    rows = tx.all(
        """SELECT DISTINCT t.name FROM customer_tags t JOIN (
               SELECT id FROM customers WHERE bot_id = :bot ORDER BY id DESC LIMIT :looked_at) AS newest
           ON newest.id = t.customer_id ORDER BY t.name LIMIT :limit""",
        bot=tx.bot_id,
        looked_at=_LOOKED_AT,
        limit=limit,
    )
    return [str(row["name"]) for row in rows]


def list_languages(tx: Tx) -> list[str]:
    """The same for languages."""
    rows = tx.all(
        """SELECT DISTINCT newest.language FROM (
               SELECT language FROM customers WHERE bot_id = :bot ORDER BY id DESC LIMIT :looked_at) AS newest
           ORDER BY newest.language LIMIT 12""",
        bot=tx.bot_id,
        looked_at=_LOOKED_AT,
    )
    return [str(row["language"]) for row in rows]


def highest_customer_id(tx: Tx) -> int:
    """An upper bound for the number of customers to be counted."""
    row = tx.one("SELECT MAX(id) AS id FROM customers")
    return int(row["id"] or 0) if row else 0
