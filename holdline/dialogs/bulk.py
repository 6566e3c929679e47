"""One act on many dialogs: what may be done, and how far it has come."""

from dataclasses import dataclass
from typing import Any

MOST_DIALOGS = 10_000


@dataclass(frozen=True, slots=True)
class BulkStep:
    """What is done to each dialog: its name and its value, as the API gives them."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class RefusedDialog:
    """One dialog that stayed as it was, and why."""

    dialog_id: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class BulkJob:
    """A job that is under way, or over. `chat_id` is where its progress is shown, if anywhere."""

    id: int
    manager_id: int
    step: BulkStep
    total: int
    done: int
    refused: tuple[RefusedDialog, ...]
    is_finished: bool
    chat_id: int | None = None

    @property
    def state(self) -> str:
        return "done" if self.is_finished else "running"
