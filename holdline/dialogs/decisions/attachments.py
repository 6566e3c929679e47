"""A file that belongs to a dialog itself, not to a message in it."""

from dataclasses import dataclass
from datetime import datetime

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import fits
from holdline.dialogs.text.splitting import clean_name, truncate

FILE_LIMIT = 20 * 1024 * 1024
"""Bytes. Telegram gives a bot no larger file (Bot API, getFile)."""
MOST_ATTACHMENTS = 50
"""Per dialog."""
_STEM, _ENDING = 100, 20
"""The longest name before the last dot and the longest ending, in units."""
_NEVER_LONGER = 100_000


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to attach. `file_id` is Telegram's, from a message of that `kind`; its size may be unknown."""

    name: str
    mime: str
    size: int
    kind: str = "document"
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored attachment of a dialog."""

    id: int
    dialog_id: int
    name: str
    mime: str
    size: int
    kind: str
    file_id: str | None
    author: str
    created_at: datetime


def refuse_bad_file(file: NewFile, *, already: int) -> None:
    """Raises BadInput if the file is empty, too large to get back from Telegram, or one too many for the dialog."""
    if not file.size and file.file_id is None:
        raise BadInput("file", "attach.empty")
    if file.size > FILE_LIMIT:
        raise BadInput("file", "attach.too_large", limit=FILE_LIMIT // 1024 // 1024)
    if already >= MOST_ATTACHMENTS:
        raise BadInput("file", "attach.too_many", limit=MOST_ATTACHMENTS)


def file_name(written: str) -> str:
    """The name without its folders, shortened to a readable length. The ending stays."""
    last = written.replace("\\", "/").rsplit("/", 1)[-1]
    clean = clean_name(last, fallback="file", limit=_NEVER_LONGER)
    if fits(clean, _STEM + _ENDING):
        return clean
    stem, dot, ending = clean.rpartition(".")
    if not dot:
        return truncate(clean, _STEM)
    return f"{truncate(stem, _STEM)}.{truncate(ending, _ENDING)}"
