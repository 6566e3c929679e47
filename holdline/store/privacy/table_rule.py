"""How one table treats what it holds about a customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_NAME = "—"
"""Stands where a name or a title of an erased customer was; such columns must not be empty."""
STRINGS_REMOVED = "strings removed"
"""Marks a JSON column that keeps its form and its numbers, because history and cards are drawn from them. Its words are
replaced, one by one, in Python.
"""
OF_CUSTOMER = "customer_id = :customer"
OF_DIALOGS = "dialog_id IN (SELECT d.id FROM dialogs d WHERE d.customer_id = :customer)"
OF_MESSAGES = "message_id IN (SELECT m.id FROM messages m WHERE m.customer_id = :customer)"
OF_CHAT = "bot_id = :bot AND chat_id = :telegram_id"


@dataclass(frozen=True, slots=True)
class TableRule:
    """Every column of the table is in `kept` or in `personal`.

    `kept`: columns that say nothing about a customer, or nothing without the personal ones, such as numbers and times;
    they stay at an erasure, so that reports do not change. `personal`: what an erasure puts in place of the value.
    `rows`: which rows are about the customer `:customer`, whose Telegram id is `:telegram_id`; empty: no row is.
    `deleted`: an erasure deletes these rows; `at_once`: in the transaction that takes the Telegram id off, because from
    then on the id is that of a new customer. `ends` ends those of them that still wait.
    `searched`: columns of free text, or of technical copies, in which the erasure also looks for the person's values,
    in the rows that are `settled`: nobody needs their words any longer, so it does no harm if another person's words
    are emptied, too. `names_ids`: the column is JSON that names people and dialogs by their ids; a row that is not
    settled is the person's if it names them, and then it is ended, or deleted if nothing `ends` it.
    `exported`: what an export contains. Managers are left out of it, because customers do not learn who they are.
    `notes`: exported only if notes are asked for, as are columns that depend on `:with_notes`. `by_window`: no index
    leads to the rows.
    """

    name: str
    kept: str
    personal: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""
    deleted: bool = False
    at_once: bool = False
    searched: str = ""
    settled: str = "1 = 1"
    ends: str = ""
    names_ids: bool = False
    exported: str = ""
    notes: bool = False
    by_window: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """All columns of the table."""
        return frozenset(self.kept.split()) | frozenset(self.personal)
