"""Invariants: queries that must find nothing, over every bot in the database; `holdline doctor` asks them all."""

from holdline.store.invariants.access import ACCESS
from holdline.store.invariants.delivery import DELIVERY
from holdline.store.invariants.dialogs import DIALOGS
from holdline.store.invariants.intake import INTAKE
from holdline.store.invariants.invariant import Broken, Invariant
from holdline.store.tx import Tx

ALL: tuple[Invariant, ...] = (*INTAKE, *DIALOGS, *DELIVERY, *ACCESS)
SHOWN = 20

__all__ = ["ALL", "SHOWN", "Broken", "Invariant", "broken"]


def broken(tx: Tx) -> list[Broken]:
    """Each invariant that does not hold, with the first rows that break it."""
    found = (Broken(rule.name, rule.says, _rows(tx, rule)) for rule in ALL)
    return [rule for rule in found if rule.rows]


def _rows(tx: Tx, rule: Invariant) -> list[dict[str, object]]:
    """A rule's SQL may name the moment, `:at`."""
    return tx.all(f"SELECT * FROM ({rule.sql}) AS found LIMIT {SHOWN}", at=tx.at)
