"""Checks that a name is not taken."""

from collections.abc import Iterable

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.wording import one_line


def free_name(name: str, others: Iterable[str]) -> str:
    """The name on one line; raises BadInput if it is taken. Letter case makes no difference."""
    wanted = one_line(name, field="name")
    if wanted.casefold() in {other.casefold() for other in others}:
        raise BadInput("name", "mends.taken", name=wanted)
    return wanted
