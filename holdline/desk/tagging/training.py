"""Training the model: who asks for it, what it learns from, and its result."""

from datetime import timedelta
from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.desk.tagging.at_close import dialog_text
from holdline.desk.tagging.choices import model_in_use
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.tagging.model_state import TagModel, is_worth_training
from holdline.store.people import admin_log
from holdline.store.tagging import examples, tag_models
from holdline.store.tx import Tx

MOST_EXAMPLES = 50_000
_A_PAGE = 100
MOST_PAGES = MOST_EXAMPLES // _A_PAGE
_DEAD_AFTER = timedelta(hours=2)
_MOST_TRIES = 3
_FILES_KEPT = 2
STOPPED_EVERY_TIME = "stopped_every_time"


def ask_for_training(tx: Tx, *, manager: Manager) -> None:
    """Queues a training; does nothing if one is queued or running already."""
    require_permission(tx, manager, Act.EDIT_DESK)
    newest = tag_models.newest(tx)
    if newest is None or newest.state in ("ready", "failed"):
        model_id = tag_models.insert(tx, manager_id=manager.id)
        admin_log.add(tx, manager, "tag_training_asked", about=f"tag_model:{model_id}")


def is_training_due(tx: Tx) -> bool:
    """Whether there are enough corrections or tags since the last training to make another worthwhile."""
    model, newest = model_in_use(tx), tag_models.newest(tx)
    if model is None or newest is None or newest.id != model.id:
        return False
    corrections = examples.count_corrections_since(tx, model.ended_at)
    known = examples.count(tx, most=MOST_EXAMPLES)
    return is_worth_training(model, corrections=corrections, examples=known)


def plan_training(tx: Tx) -> None:
    """Queues a training that nobody asked for."""
    tag_models.insert(tx, manager_id=None)


def begin_here(tx: Tx) -> int:
    """Records a training that the calling process does itself, at once."""
    return tag_models.insert(tx, manager_id=None, state="running")


def restart_trainings(tx: Tx) -> None:
    """Queues interrupted trainings again, at the start of the only process that trains by itself."""
    tag_models.restart_all(tx)


def next_training(tx: Tx) -> TagModel | None:
    return tag_models.next_waiting(tx, dead_before=tx.at - _DEAD_AFTER)


def begin_training(tx: Tx, *, model: TagModel) -> bool:
    """Marks it as running; returns False for a training that stopped its process too often."""
    if model.tries >= _MOST_TRIES:
        fail_training(tx, model_id=model.id, reason=STOPPED_EVERY_TIME)
        return False
    tag_models.start(tx, model.id)
    return True


def examples_page(tx: Tx, *, before: int | None = None) -> tuple[list[dict[str, Any]], int | None]:
    """{"text", "tags"} as the tagger takes them, and where the next page begins. A tag is given by its id."""
    rows = examples.page(tx, before=before, limit=_A_PAGE)
    tags = examples.tags_of(tx, [row["id"] for row in rows])
    found = [
        {
            "text": dialog_text(tx, row["id"], row["title"], row["description"]),
            "tags": [str(tag) for tag in tags[row["id"]]],
        }
        for row in rows
    ]
    return found, rows[-1]["id"] if len(rows) == _A_PAGE else None


def finish_training(tx: Tx, *, model_id: int, file: str, trained: dict[str, Any]) -> list[str]:
    """Puts the new model into use; returns the files still needed: its own and the one before."""
    figures = {name: value for name, value in trained.items() if name != "checksum"}
    tag_models.end(tx, model_id, state="ready", file=file, checksum=trained["checksum"], figures_json=figures)
    return tag_models.list_files(tx)[:_FILES_KEPT]


def fail_training(tx: Tx, *, model_id: int, reason: str, figures: dict[str, Any] | None = None) -> None:
    """Marks the training as failed; the previous model stays in use."""
    tag_models.end(tx, model_id, state="failed", reason=reason, figures_json=figures or {})
