"""Who has a dialog and who takes part in it; written by `desk.people.participants`, which also tells people."""

from holdline.store.tx import Tx


def set_assignee(tx: Tx, dialog_id: int, manager_id: int | None) -> None:
    """Whatever waited in a team for somebody to be free waits no more: it has them, or people choose by hand."""
    tx.run(
        """UPDATE dialogs SET assignee_id = :manager, team_waits_at = NULL, changed_at = :at
           WHERE bot_id = :bot AND id = :dialog""",
        bot=tx.bot_id,
        dialog=dialog_id,
        manager=manager_id,
        at=tx.at,
    )


def add_participant(tx: Tx, dialog_id: int, manager_id: int) -> None:
    """Somebody who is one already stays one."""
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
