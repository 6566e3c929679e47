"""What an API key is called, and what it may open."""

from collections.abc import Iterable

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import NAME_LIMIT, fits

SCOPES = ("send", "read", "desk", "admin")
DEFAULT_SCOPES = ("send", "read", "desk")


def valid_key_name(name: str) -> str:
    called = name.strip()
    if not called or not fits(called, NAME_LIMIT):
        raise BadInput("name", f"it must have 1 to {NAME_LIMIT} characters.")
    return called


def valid_scopes(scopes: Iterable[str]) -> list[str]:
    """Each once, and at least one."""
    wanted = list(dict.fromkeys(scopes))
    if not wanted or not set(wanted) <= set(SCOPES):
        raise BadInput("scope", "mends.one_of", choices=", ".join(SCOPES))
    return wanted
