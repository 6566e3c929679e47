"""Mail: which addresses we write to, and how long one waits for a server that does not take it."""

import re
from dataclasses import dataclass
from datetime import timedelta

from holdline.dialogs.refusal import BadInput

SUBJECT_LIMIT = 200
_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 10_800, 21_600))
LONGEST_PAUSE = max(_PAUSES)


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter to one address; `attempts` counts the one that is being made."""

    id: int
    to_address: str
    subject: str
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class MailResult:
    """What the server said: `error` is empty where it took the letter; `is_final`: it never will take it."""

    error: str = ""
    is_final: bool = False


def is_address(written: str) -> bool:
    """One plain address: no name beside it, no second one, nothing that could end a header."""
    return _ADDRESS.fullmatch(written) is not None


def require_address(written: str, *, field: str) -> str:
    """BadInput where nobody could be written to under it."""
    address = written.strip(" ")
    if not is_address(address):
        raise BadInput(field, "mends.mail_address")
    return address


def pause_after(attempts: int) -> timedelta | None:
    """How long a letter waits after so many tries in vain; None: it waits no longer."""
    return _PAUSES[attempts - 1] if attempts <= len(_PAUSES) else None
