"""Counts a person's rows, for what is said before an erasure."""

from holdline.store.privacy.erasures import stand_in_of
from holdline.store.privacy.person import PersonIds
from holdline.store.privacy.table_map import TABLES
from holdline.store.tx import Tx


def count_rows(tx: Tx, person: PersonIds) -> dict[str, int]:
    """How many rows of each table an erasure would change or delete; tables without any are left out."""
    found = {}
    for rule in TABLES:
        if rule.rows and (rule.personal or rule.deleted):
            sql = f"SELECT COUNT(*) AS number FROM {rule.name} WHERE {rule.rows}"
            row = tx.one(sql, bot=tx.bot_id, stand_in=stand_in_of(person.customer_id), **person.values)
            if row is not None and row["number"]:
                found[rule.name] = row["number"]
    return found
