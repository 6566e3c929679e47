"""Invariants: queries that must find nothing, over every bot in the database; `holdline doctor` runs them all."""

from holdline.store.invariants.access import ACCESS
from holdline.store.invariants.broadcasts import BROADCASTS
from holdline.store.invariants.consent import CONSENT
from holdline.store.invariants.delivery import DELIVERY
from holdline.store.invariants.dialogs import DIALOGS
from holdline.store.invariants.funnels import FUNNELS
from holdline.store.invariants.intake import INTAKE
from holdline.store.invariants.invariant import Invariant, Violation
from holdline.store.invariants.privacy import PRIVACY
from holdline.store.invariants.smart_replies import SMART_REPLIES
from holdline.store.invariants.time import TIME
from holdline.store.invariants.webhooks import WEBHOOKS
from holdline.store.invariants.words import WORDS
from holdline.store.tx import Tx

MARKETING: tuple[Invariant, ...] = (*FUNNELS, *BROADCASTS, *SMART_REPLIES, *CONSENT)
INVARIANTS: tuple[Invariant, ...] = (
    *INTAKE,
    *DIALOGS,
    *DELIVERY,
    *ACCESS,
    *TIME,
    *WORDS,
    *MARKETING,
    *WEBHOOKS,
    *PRIVACY,
)
MAX_ROWS_SHOWN = 20

__all__ = ["INVARIANTS", "MARKETING", "MAX_ROWS_SHOWN", "Invariant", "Violation", "find_violations"]


def find_violations(tx: Tx) -> list[Violation]:
    """Each invariant that does not hold, with the first rows that violate it."""
    violations = (Violation(rule.name, rule.says, _rows(tx, rule), rule.remedy) for rule in INVARIANTS)
    return [rule for rule in violations if rule.rows]


def _rows(tx: Tx, rule: Invariant) -> list[dict[str, object]]:
    """An invariant's SQL may use the present time, `:at`."""
    return tx.all(f"SELECT * FROM ({rule.sql}) AS found LIMIT {MAX_ROWS_SHOWN}", at=tx.at)
