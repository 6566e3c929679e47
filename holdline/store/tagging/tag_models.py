"""Trainings of the tagging model; the newest ready one is in use."""

from datetime import datetime
from typing import Any

from holdline.dialogs.tagging.model_state import TagModel
from holdline.store.tx import Row, Tx

_SELECT = """SELECT id, state, tries, file, checksum, figures_json, reason, started_at, ended_at
FROM tag_models WHERE bot_id = :bot"""


def in_use(tx: Tx) -> TagModel | None:
    """The newest model that is ready; cached by the writer, so that a close runs no query."""
    row = tx.one(f"{_SELECT} AND state = 'ready' ORDER BY id DESC LIMIT 1", bot=tx.bot_id)
    return _model(row) if row else None


def newest(tx: Tx) -> TagModel | None:
    """The newest training in any state."""
    row = tx.one(f"{_SELECT} ORDER BY id DESC LIMIT 1", bot=tx.bot_id)
    return _model(row) if row else None


def next_waiting(tx: Tx, *, dead_before: datetime) -> TagModel | None:
    """A training that was asked for, or one started so long ago that its process must be dead."""
    row = tx.one(
        f"""{_SELECT} AND (state = 'asked' OR (state = 'running' AND started_at < :dead_before))
            ORDER BY id LIMIT 1""",
        bot=tx.bot_id,
        dead_before=dead_before,
    )
    return _model(row) if row else None


def list_files(tx: Tx) -> list[str]:
    """The files of models that are ready, the newest first."""
    rows = tx.all(
        "SELECT file FROM tag_models WHERE bot_id = :bot AND state = 'ready' ORDER BY id DESC", bot=tx.bot_id
    )
    return [row["file"] for row in rows]


def insert(tx: Tx, *, manager_id: int | None, state: str = "asked") -> int:
    row = tx.one(
        """INSERT INTO tag_models (bot_id, state, manager_id, asked_at, started_at)
           VALUES (:bot, :state, :manager, :at, :started) RETURNING id""",
        bot=tx.bot_id,
        state=state,
        manager=manager_id,
        at=tx.at,
        started=tx.at if state == "running" else None,
    )
    assert row is not None
    return int(row["id"])


def start(tx: Tx, model_id: int) -> None:
    tx.run(
        "UPDATE tag_models SET state = 'running', started_at = :at, tries = tries + 1 WHERE id = :id",
        at=tx.at,
        id=model_id,
    )


def end(tx: Tx, model_id: int, *, state: str, **columns: Any) -> None:
    """`columns`: file, checksum, figures_json if it is ready; figures_json, reason if it failed."""
    values = {"file": None, "checksum": None, "figures_json": {}, "reason": None} | columns
    tx.run(
        """UPDATE tag_models SET state = :state, ended_at = :at, file = :file, checksum = :checksum,
           figures_json = :figures_json, reason = :reason WHERE id = :id""",
        state=state,
        at=tx.at,
        id=model_id,
        **values,
    )


def restart_all(tx: Tx) -> None:
    """Asks again for trainings that a process was running when it ended. Those of the command line have no tries and
    stay.
    """
    tx.run(
        "UPDATE tag_models SET state = 'asked' WHERE bot_id = :bot AND state = 'running' AND tries > 0",
        bot=tx.bot_id,
    )


def _model(row: Row) -> TagModel:
    values = {name: row[name] for name in row if name != "figures_json"}
    return TagModel(**values, figures=row["figures_json"])
