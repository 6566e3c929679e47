"""Adding a colleague from a form: somebody who already belongs to the desk is reported and not changed."""

from dataclasses import dataclass

from holdline.desk.people.roles import lock_role_changes
from holdline.desk.people.staff import add_manager
from holdline.dialogs.decisions.staff import AdditionOutcome, outcome_of_adding
from holdline.dialogs.manager import Manager
from holdline.store.people import managers
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Addition:
    """`outcome`: added, back (they had left the desk), or already."""

    person: Manager
    outcome: AdditionOutcome


def add_colleague(tx: Tx, *, acting: Manager, telegram_id: int, name: str, role: str) -> Addition:
    """Adds a manager like `add_manager`, but somebody who already belongs to the desk keeps name and role, and somebody
    who returns keeps their former role.
    """
    lock_role_changes(tx, acting)
    before = managers.by_telegram_id(tx, telegram_id)
    outcome = outcome_of_adding(before)
    if before is not None and outcome == "already":
        return Addition(before, outcome)
    role = before.role if before is not None else role
    return Addition(add_manager(tx, acting=acting, telegram_id=telegram_id, name=name, role=role), outcome)
