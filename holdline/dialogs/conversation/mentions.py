"""Who is mentioned by @name in a note: by Telegram username, by name at the desk, or by an unambiguous first name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from holdline.dialogs.dialog import Person

_CALLED = re.compile(r"(?<![\w@])@(\w{2,64})")


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person of the desk. `username` is their Telegram username, if they have one."""

    person: Person
    username: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """The one-word names by which the person can be mentioned."""
        return frozenset({(self.username or "").casefold(), "".join(self.person.name.split()).casefold()})

    @property
    def first_name(self) -> str:
        return self.person.name.split()[0].casefold() if self.person.name.split() else ""


def find_mentioned(text: str, desk: Sequence[Addressee]) -> list[Person]:
    """The people mentioned, in order of mention. A name that matches nobody, or several people, is ignored."""
    found: dict[int, Person] = {}
    for match in _CALLED.finditer(text):
        called = match[1].casefold()
        fitting = [one.person for one in desk if called in one.names]
        fitting = fitting or [one.person for one in desk if called == one.first_name]
        if len(fitting) == 1:
            found.setdefault(fitting[0].id, fitting[0])
    return list(found.values())
