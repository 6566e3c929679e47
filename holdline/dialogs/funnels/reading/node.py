"""One place in a written definition: its value, its path, and the list that collects its faults."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import NAME_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.text.wording import one_line, whole_text

MOST_FAULTS = 50
"""More faults would not be read. Also limits the work on hostile input."""
MOST_ITEMS = 200
Value = TypeVar("Value")


class BadDefinition(BadInput):
    """As a refusal it shows its first fault. `faults` are all of them, in the order of the file."""

    def __init__(self, faults: list[BadInput]) -> None:
        super().__init__(faults[0].field, faults[0].mend, **faults[0].mend_words)
        self.faults = tuple(faults)


class TooManyFaults(Exception):
    """The limit of faults was reached."""


@dataclass(frozen=True)
class Node:
    """Getters return a harmless value after they note a fault, because then no definition is made."""

    value: Any
    path: str
    faults: list[BadInput] = field(repr=False)

    def refuse(self, mend: str, **words: object) -> None:
        """Notes a fault. `mend` is a key of the domain `funnels`."""
        self._note(BadInput(self.path, f"funnels.{mend}", **words))

    def attempt(self, read: Callable[[], Value], fallback: Value) -> Value:
        """The result of `read`. A refusal is noted as a fault and `fallback` returned."""
        try:
            return read()
        except BadInput as refused:
            self._note(refused)
            return fallback

    def attempt_inside(self, read: Callable[[], Value], fallback: Value) -> Value:
        """The same, for a refusal whose field is a path inside this node that starts with a name of its own."""
        try:
            return read()
        except BadInput as refused:
            inner = refused.field.split(".")[1:]
            path = self.path + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in inner)
            self._note(BadInput(path, refused.mend, **refused.mend_words))
            return fallback

    def table_of_any(self) -> bool:
        """Whether the value is a table; if not, notes a fault."""
        if not isinstance(self.value, Mapping):
            self.refuse("table", keys="type, offset, length")
        return isinstance(self.value, Mapping)

    def table(self, known: Collection[str]) -> dict[str, "Node"]:
        """The known keys. An unknown key is a fault that suggests the key likely meant. Null values are ignored."""
        if self.value is None:
            self.refuse("missing")
            return {}
        if not isinstance(self.value, Mapping):
            self.refuse("table", keys=", ".join(known))
            return {}
        found = {}
        for key, value in self.value.items():
            child = self.key(str(key), value)
            if value is not None and key in known:
                found[key] = child
            elif value is not None:
                child.refuse_unknown_key(str(key), known)
        return found

    def refuse_unknown_key(self, key: str, known: Collection[str]) -> None:
        meant = get_close_matches(key[:NAME_LIMIT], list(known), n=1)
        if meant:
            self.refuse("unknown_key_meant", key=truncate(key, NAME_LIMIT), meant=meant[0])
        else:
            self.refuse("unknown_key", key=truncate(key, NAME_LIMIT), keys=", ".join(known))

    def key(self, key: str, value: Any = None) -> "Node":
        name = truncate(key, NAME_LIMIT)
        return Node(value, f"{self.path}.{name}" if self.path else name, self.faults)

    def items(self, most: int = MOST_ITEMS) -> Iterator["Node"]:
        """The items of a list. A list that is too long is a fault, and only its beginning is read."""
        if not isinstance(self.value, list | tuple):
            self.refuse("list")
            return
        if len(self.value) > most:
            self.refuse("too_many", most=most)
        for number, value in enumerate(self.value[:most]):
            yield Node(value, f"{self.path}[{number}]", self.faults)

    def one_or_more(self, most: int = MOST_ITEMS) -> Iterator["Node"]:
        """The items of a list, or a single value as a list of one. An empty list is a fault."""
        if self.value == []:
            self.refuse("empty_list")
        if isinstance(self.value, list | tuple):
            yield from self.items(most)
        else:
            yield self

    def name(self, limit: int = NAME_LIMIT) -> str:
        """One line of 1 to `limit` units."""
        if not isinstance(self.value, str):
            self.refuse("missing" if self.value is None else "text")
            return ""
        return self.attempt(lambda: one_line(self.value, field=self.path, limit=limit), "")

    def whole_text(self, limit: int) -> str:
        """A message text; line breaks stay."""
        if not isinstance(self.value, str):
            self.refuse("missing" if self.value is None else "text")
            return ""
        return self.attempt(lambda: whole_text(self.value, field=self.path, limit=limit), "")

    def yes_or_no(self) -> bool:
        if not isinstance(self.value, bool):
            self.refuse("yes_or_no")
        return self.value is True

    def names(self, most: int = MOST_ITEMS) -> tuple[str, ...]:
        """One name, or a list of names."""
        return tuple(item.name() for item in self.one_or_more(most))

    def is_true(self) -> bool:
        if self.value is not True:
            self.refuse("only_true")
        return True

    def one_of(self, choices: Collection[str]) -> str:
        if isinstance(self.value, str) and self.value in choices:
            return self.value
        self.refuse("one_of", choices=", ".join(choices))
        return next(iter(choices))

    def _note(self, fault: BadInput) -> None:
        self.faults.append(fault)
        if len(self.faults) >= MOST_FAULTS:
            raise TooManyFaults
