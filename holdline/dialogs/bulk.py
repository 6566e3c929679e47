"""One act on many dialogs: what is done to each, and the progress of the job."""

from dataclasses import dataclass
from typing import Any

MOST_DIALOGS = 10_000


@dataclass(frozen=True, slots=True)
class BulkStep:
    """What is done to each dialog: the name and the value, as in the API."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class RefusedDialog:
    """A dialog that was not changed, and the reason."""

    dialog_id: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class BulkJob:
    """A job that is running or finished. `chat_id` is the chat that shows its progress, if any."""

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
