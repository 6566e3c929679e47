"""Reads what the table map exports of a person, table by table."""

from collections.abc import Iterator

from holdline.store.privacy.person import PersonIds
from holdline.store.privacy.table_map import TABLES
from holdline.store.privacy.table_rule import TableRule
from holdline.store.tx import Row, Tx

PAGE = 500


def tables_to_export(*, with_notes: bool) -> list[TableRule]:
    """In the order of an export: the person first."""
    return [rule for rule in reversed(TABLES) if rule.exported and (with_notes or not rule.notes)]


def rows_of(tx: Tx, rule: TableRule, person: PersonIds, *, with_notes: bool) -> Iterator[Row]:
    """The person's rows, page by page where the table has an id."""
    values = {**person.values, "with_notes": with_notes}
    if "id" not in rule.kept.split():
        yield from tx.all(f"SELECT {rule.exported} FROM {rule.name} WHERE {rule.rows}", **values)
        return
    after = 0
    while rows := tx.all(
        f"""SELECT {rule.exported} FROM {rule.name} WHERE {rule.rows} AND id > :after
            ORDER BY id LIMIT {PAGE}""",
        after=after,
        **values,
    ):
        yield from rows
        after = rows[-1]["id"]


def files_in_database(tx: Tx, person: PersonIds) -> Iterator[Row]:
    """Files of the person's dialogs that the database itself holds: id, name, content; one at a time."""
    condition = "d.customer_id = :customer AND a.deleted_at IS NULL"
    rows = tx.all(
        f"""SELECT a.id, a.name FROM attachments a JOIN dialogs d ON d.id = a.dialog_id
            JOIN attachment_contents k ON k.attachment_id = a.id WHERE {condition} ORDER BY a.id""",
        customer=person.customer_id,
    )
    for row in rows:
        found = tx.one("SELECT content FROM attachment_contents WHERE attachment_id = :id", id=row["id"])
        assert found is not None
        yield {**row, "content": bytes(found["content"])}


def message_page(tx: Tx, person: PersonIds, *, after: int) -> list[Row]:
    """The person's messages in order, as a transcript takes them."""
    return tx.all(
        f"""SELECT m.id, m.direction, m.author_kind, m.kind, m.text, m.data_json, m.status, m.deleted_at,
                   m.created_at, m.dialog_id FROM messages m
            WHERE m.customer_id = :customer AND m.id > :after ORDER BY m.id LIMIT {PAGE}""",
        customer=person.customer_id,
        after=after,
    )
