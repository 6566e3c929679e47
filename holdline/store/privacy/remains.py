"""Searches every column of every table for values, whatever the table map says: the schema is asked."""

from collections.abc import Sequence

from holdline.store.tx import Tx

_SKIPPED = frozenset({"migrations", "sqlite_sequence"})


def columns_of(tx: Tx, *, is_sqlite: bool) -> list[tuple[str, str]]:
    """(table, column) of all tables."""
    if is_sqlite:
        rows = tx.all(
            """SELECT t.name AS of_table, c.name AS of_column FROM sqlite_master t
               JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%'"""
        )
    else:
        rows = tx.all(
            """SELECT c.table_name AS of_table, c.column_name AS of_column FROM information_schema.columns c
               JOIN information_schema.tables t
                   ON t.table_schema = c.table_schema AND t.table_name = c.table_name
               WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"""
        )
    return sorted((row["of_table"], row["of_column"]) for row in rows if row["of_table"] not in _SKIPPED)


def count_rows_with(tx: Tx, table: str, column: str, forms: Sequence[str]) -> int:
    """How many rows hold one of the forms in the column, read as text."""
    found = 0
    for start in range(0, len(forms), 50):
        piece = forms[start : start + 50]
        condition = " OR ".join(f"CAST({column} AS TEXT) LIKE :f{n} ESCAPE '\\'" for n in range(len(piece)))
        values = {f"f{n}": f"%{_escape(form)}%" for n, form in enumerate(piece)}
        row = tx.one(f"SELECT COUNT(*) AS number FROM {table} WHERE {condition}", **values)
        found += row["number"] if row else 0
    return found


def _escape(form: str) -> str:
    return form.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
