"""Moves messages, notes and files from a dialog into the one it was merged into, and back."""

from holdline.dialogs.dialog import Dialog
from holdline.store.tx import Tx, placeholders

_TABLES = ("messages", "notes", "attachments")
_MOST = 50


def open_ids_beside(tx: Tx, dialog: Dialog) -> list[int]:
    """The other open dialogs of the same customer, the newest first."""
    rows = tx.all(
        """SELECT id FROM dialogs WHERE bot_id = :bot AND customer_id = :customer AND state <> 'closed'
           AND id <> :id ORDER BY id DESC LIMIT :most""",
        bot=tx.bot_id,
        customer=dialog.customer_id,
        id=dialog.id,
        most=_MOST,
    )
    return [row["id"] for row in rows]


def move_in(tx: Tx, source_id: int, target_id: int) -> None:
    """Moves messages, notes and files. Rows that came from an earlier merge keep their first origin."""
    for table in _TABLES:
        tx.run(
            f"""UPDATE {table} SET dialog_id = :target, origin_dialog_id = COALESCE(origin_dialog_id, :source)
                WHERE dialog_id = :source""",
            source=source_id,
            target=target_id,
        )
    tx.run(
        """UPDATE messages SET moved_to_dialog_id = :target, origin_dialog_id = COALESCE(origin_dialog_id, :source)
           WHERE moved_to_dialog_id = :source""",
        source=source_id,
        target=target_id,
    )
    _count_files(tx, source_id, target_id)


def move_back(tx: Tx, source_id: int, target_id: int) -> None:
    """Moves back everything that came from the source, or from dialogs merged into it before."""
    among, origins = placeholders([source_id, *_find_earlier_sources(tx, source_id)])
    came = f"origin_dialog_id IN ({among})"
    own = "CASE WHEN origin_dialog_id = :source THEN NULL ELSE origin_dialog_id END"
    for table in _TABLES:
        tx.run(
            f"UPDATE {table} SET dialog_id = :source, origin_dialog_id = {own} WHERE dialog_id = :target AND {came}",
            source=source_id,
            target=target_id,
            **origins,
        )
    tx.run(
        f"""UPDATE messages SET moved_to_dialog_id = :source, origin_dialog_id = {own}
            WHERE moved_to_dialog_id = :target AND {came}""",
        source=source_id,
        target=target_id,
        **origins,
    )
    _count_files(tx, source_id, target_id)


def newest_merged_id(tx: Tx, target_id: int) -> int | None:
    """The dialog that was merged into it last."""
    row = tx.one(
        "SELECT id FROM dialogs WHERE merged_into = :target ORDER BY closed_at DESC, id DESC LIMIT 1",
        target=target_id,
    )
    return int(row["id"]) if row else None


def _find_earlier_sources(tx: Tx, dialog_id: int) -> list[int]:
    rows = tx.all(
        """WITH RECURSIVE earlier (id) AS (
               SELECT d.id FROM dialogs d WHERE d.merged_into = :dialog
               UNION SELECT d.id FROM dialogs d JOIN earlier e ON d.merged_into = e.id)
           SELECT id FROM earlier""",
        dialog=dialog_id,
    )
    return [int(row["id"]) for row in rows]


def _count_files(tx: Tx, *dialog_ids: int) -> None:
    for dialog_id in dialog_ids:
        tx.run(
            """UPDATE dialogs SET attachment_count = (
                   SELECT COUNT(*) FROM attachments a WHERE a.dialog_id = :dialog AND a.deleted_at IS NULL)
               WHERE id = :dialog""",
            dialog=dialog_id,
        )
