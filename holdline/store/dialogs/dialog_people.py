"""Assignees and participants of dialogs; written by `desk.people.participants`, which also notifies people."""

from holdline.store.tx import Tx


def set_assignee(tx: Tx, dialog_id: int, manager_id: int | None) -> None:
    """Also ends any wait in the team's queue: the dialog has an assignee now, or people choose by hand."""
    tx.run(
        """UPDATE dialogs SET assignee_id = :manager, team_waits_at = NULL, changed_at = :at
           WHERE bot_id = :bot AND id = :dialog""",
        bot=tx.bot_id,
        dialog=dialog_id,
        manager=manager_id,
        at=tx.at,
    )


def add_participant(tx: Tx, dialog_id: int, manager_id: int) -> None:
    """Does nothing if the manager takes part already."""
    tx.run(
        """INSERT INTO dialog_participants (dialog_id, manager_id, added_at) VALUES (:dialog, :manager, :at)
           ON CONFLICT (dialog_id, manager_id) DO NOTHING""",
        dialog=dialog_id,
        manager=manager_id,
        at=tx.at,
    )


def remove_participant(tx: Tx, dialog_id: int, manager_id: int) -> None:
    tx.run(
        "DELETE FROM dialog_participants WHERE dialog_id = :dialog AND manager_id = :manager",
        dialog=dialog_id,
        manager=manager_id,
    )
