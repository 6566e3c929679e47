"""A name for something of the desk's that no other has."""

from collections.abc import Iterable

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.wording import one_line


def free_name(name: str, others: Iterable[str]) -> str:
    """On one line; letter case makes no other name."""
    wanted = one_line(name, field="name")
    if wanted.casefold() in {other.casefold() for other in others}:
        raise BadInput("name", "mends.taken", name=wanted)
    return wanted
