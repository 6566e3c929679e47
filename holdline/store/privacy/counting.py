"""Counts a person's rows, for the figures shown before an erasure."""

from holdline.store.privacy.erasing import last_id
from holdline.store.privacy.person import PersonIds
from holdline.store.privacy.table_map import TABLES
from holdline.store.tx import Tx


def count_rows(tx: Tx, person: PersonIds) -> dict[str, int]:
    """How many rows of each table an erasure would change or delete; tables without any are left out. It looks through
    whole tables.
    """
    found = {}
    for rule in TABLES:
        if rule.rows and (rule.personal or rule.deleted):
            sql = f"SELECT COUNT(*) AS number FROM {rule.name} WHERE {rule.rows}"
            row = tx.one(sql, bot=tx.bot_id, last_item=last_id(tx, "outbox"), **person.values)
            if row is not None and row["number"]:
                found[rule.name] = row["number"]
    return found


def count_talk(tx: Tx, person: PersonIds) -> tuple[int, int]:
    """The person's dialogs and messages, by their indexes."""
    row = tx.one(
        """SELECT (SELECT COUNT(*) FROM dialogs WHERE customer_id = :customer) AS dialogs,
                  (SELECT COUNT(*) FROM messages WHERE customer_id = :customer) AS messages""",
        customer=person.customer_id,
    )
    assert row is not None
    return row["dialogs"], row["messages"]
