"""Who is called by @name in a note: by the name in Telegram, the name at the desk, or a first name nobody shares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from holdline.dialogs.dialog import Person

_CALLED = re.compile(r"(?<![\w@])@(\w{2,64})")


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person of the desk; `username` is theirs in Telegram, if they have one."""

    person: Person
    username: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """What they are called in one word."""
        return frozenset({(self.username or "").casefold(), "".join(self.person.name.split()).casefold()})

    @property
    def first_name(self) -> str:
        return self.person.name.split()[0].casefold() if self.person.name.split() else ""


def find_mentioned(text: str, desk: Sequence[Addressee]) -> list[Person]:
    """In the order in which they are called; a word that fits nobody, or several alike, calls nobody."""
    found: dict[int, Person] = {}
    for match in _CALLED.finditer(text):
        called = match[1].casefold()
        fitting = [one.person for one in desk if called in one.names]
        fitting = fitting or [one.person for one in desk if called == one.first_name]
        if len(fitting) == 1:
            found.setdefault(fitting[0].id, fitting[0])
    return list(found.values())
