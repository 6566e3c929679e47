"""A report's scope as SQL: its period, and which dialogs count."""

from typing import Any

from holdline.dialogs.reports.kinds import ReportScope
from holdline.store.tx import Tx


def values_of(tx: Tx, scope: ReportScope) -> dict[str, Any]:
    """The parameters of every statement here."""
    return {"bot": tx.bot_id, "from_at": scope.from_at, "to_at": scope.to_at}


def narrow(scope: ReportScope, column: str = "d.id") -> str:
    """A condition on a dialog's id; empty if all dialogs count, and messages outside them too."""
    wanted = []
    if scope.type_ids:
        wanted.append(f"n.type_id IN ({', '.join(str(int(each)) for each in scope.type_ids)})")
    if scope.team_id is not None:
        wanted.append(f"n.team_id = {int(scope.team_id)}")
    if not wanted:
        return ""
    return f"AND EXISTS (SELECT 1 FROM dialogs n WHERE n.id = {column} AND {' AND '.join(wanted)})"
