"""Answers of queries that will be asked in this transaction, read beforehand for many at once."""

from collections.abc import Iterable
from typing import Any

from holdline.store.engines.query_cache import columns_of_values, copy_rows, statement_info

Row = dict[str, Any]


class PrefetchedQueries:
    """Rows by the text of the query and its values; a change of a table drops what was read from it."""

    __slots__ = ("_answers",)

    def __init__(self) -> None:
        self._answers: dict[str, dict[tuple[Any, ...], list[Row]]] = {}

    def __bool__(self) -> bool:
        return bool(self._answers)

    def put(self, sql: str, answers: Iterable[tuple[Row, list[Row]]]) -> None:
        """Replaces the answers of this query, whose values are always given in the same order."""
        self._answers[sql] = {tuple(values.values()): rows for values, rows in answers}

    def get(self, sql: str, values: Row) -> list[Row] | None:
        """The rows, which share nothing with those that another caller gets; None if the query must be run."""
        answers = self._answers.get(sql)
        rows = answers.get(tuple(values.values())) if answers else None
        return None if rows is None else copy_rows(rows, columns_of_values(rows))

    def invalidate(self, sql: str) -> None:
        """Called before or after a statement that is run: if it changes a table, what was read from that is dropped."""
        changed = statement_info(sql).changes
        if changed is not None:
            self._answers = {
                query: answers
                for query, answers in self._answers.items()
                if changed and changed not in statement_info(query).tables
            }
