"""E-mail: which addresses are valid, and how long to wait before retrying a letter."""

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
    """One letter to one address. `attempts` includes the current one."""

    id: int
    to_address: str
    subject: str
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class MailResult:
    """The server's answer. `error` is empty if it took the letter; `is_final` means it never will."""

    error: str = ""
    is_final: bool = False


def is_address(written: str) -> bool:
    """Whether it is one plain address: no display name, no second address, nothing that could end a header."""
    return _ADDRESS.fullmatch(written) is not None


def require_address(written: str, *, field: str) -> str:
    """The address. Raises BadInput if it is not valid."""
    address = written.strip(" ")
    if not is_address(address):
        raise BadInput(field, "mends.mail_address")
    return address


def pause_after(attempts: int) -> timedelta | None:
    """The wait before the next attempt after this many failures, or None if there is none."""
    return _PAUSES[attempts - 1] if attempts <= len(_PAUSES) else None
