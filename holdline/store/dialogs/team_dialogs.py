"""Dialogs of a team that wait for a free member, and since when."""

from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


def set_team(tx: Tx, dialog_id: int, team_id: int | None) -> None:
    """Lets the dialog wait in the team from now on; without a team it waits for nobody."""
    dialogs.set_fields(tx, dialog_id, team_id=team_id, team_waits_at=tx.at if team_id is not None else None)


def wait_again(tx: Tx, dialog_id: int) -> None:
    """Puts the dialog behind those that wait already."""
    dialogs.set_fields(tx, dialog_id, team_waits_at=tx.at)


def longest_waiting(tx: Tx, team_id: int, *, limit: int) -> list[int]:
    """Dialogs without an assignee, the longest waiting first."""
    rows = tx.all(
        """SELECT id FROM dialogs WHERE team_id = :team AND team_waits_at IS NOT NULL AND assignee_id IS NULL
           AND state <> 'closed' ORDER BY team_waits_at, id LIMIT :limit""",
        team=team_id,
        limit=limit,
    )
    return [int(row["id"]) for row in rows]


def lock_if_free(tx: Tx, dialog_id: int) -> Dialog | None:
    """The dialog with its customer's chat locked; None if somebody else holds that lock or has taken the dialog."""
    held = tx.one(
        """SELECT chat_id, customer_id FROM chats WHERE customer_id = (
               SELECT customer_id FROM dialogs WHERE bot_id = :bot AND id = :id) FOR UPDATE SKIP LOCKED""",
        bot=tx.bot_id,
        id=dialog_id,
    )
    dialog = dialogs.by_id(tx, dialog_id) if held is not None else None
    return dialog if dialog is not None and dialog.assignee is None and dialog.state != "closed" else None


def last_handler(tx: Tx, dialog: Dialog) -> int | None:
    """Who had the customer's newest earlier dialog that had an assignee."""
    row = tx.one(
        """SELECT assignee_id FROM dialogs WHERE customer_id = :customer AND id < :dialog
           AND assignee_id IS NOT NULL ORDER BY id DESC LIMIT 1""",
        customer=dialog.customer_id,
        dialog=dialog.id,
    )
    return int(row["assignee_id"]) if row else None
