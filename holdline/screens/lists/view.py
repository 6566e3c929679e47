"""What a list of dialogs shows, as a value stored in its buttons. Nothing is stored in the database, and viewing writes
nothing.
"""

import re
from dataclasses import dataclass, fields, replace
from string import ascii_lowercase, digits
from typing import Any

from holdline.dialogs.dialog import FIRST_STAGE, REVIEW_STAGE
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.store.dialogs import lists
from holdline.store.dialogs.dialog_filter import ORDERS, DialogFilter
from holdline.store.people import managers, teams
from holdline.store.tx import Tx

NOBODY = 0
ME = -1
"""The manager who presses the button, because in a group anyone can use the list."""
_MINE = "M0"
_SIGNS = digits + ascii_lowercase
_KEYS = {"person": "P", "team": "T", "queue": "Q", "tag": "G", "type": "Y", "order": "O"}
_ORDER_NUMBERS = dict(enumerate(ORDERS))
_FILTER_WORD = re.compile(r"(?:[A-Z][0-9a-z]{1,13})*")
_FILTER = re.compile(r"([A-Z])([0-9a-z]+)")
LISTED = {"queue": "queues", "tag": "tags", "type": "types"}
"""Filter → the kind of list whose values it takes."""
_OWN_ORDERS = {"new": "oldest", "handling": "oldest", "review": "oldest", "overdue": "due"}
"""Lists that do not start with the newest dialog."""
_NARROWED = {
    "mine": DialogFilter(),
    "active": DialogFilter(state="active", open=True),
    "new": DialogFilter(open=True, stage=FIRST_STAGE),
    "handling": DialogFilter(open=True, handled=True),
    "review": DialogFilter(open=True, stage=REVIEW_STAGE),
    "closed": DialogFilter(state="closed"),
    "overdue": DialogFilter(open=True, overdue=True),
    "all": DialogFilter(),
    "customer": DialogFilter(),
}

_LETTERS = {
    "mine": "m",
    "active": "a",
    "new": "n",
    "handling": "h",
    "review": "r",
    "closed": "c",
    "overdue": "o",
    "all": "l",
    "customer": "u",
}
"""One letter per list, where there is no room for its name."""


@dataclass(frozen=True, slots=True)
class ListFilters:
    """The ids that the list is filtered by. `person` NOBODY means unassigned; `order` None the list's own order."""

    person: int | None = None
    team: int | None = None
    queue: int | None = None
    tag: int | None = None
    type: int | None = None
    order: int | None = None

    @property
    def narrows(self) -> bool:
        """Whether a filter is set. The order does not count."""
        return replace(self, order=None) != ListFilters()

    def word(self) -> str:
        """The filters in a button's data: a letter and a number for each, or an empty string."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self)}
        return "".join(
            _MINE if (name, value) == ("person", ME) else f"{_KEYS[name]}{encode_number(value)}"
            for name, value in chosen.items()
            if value is not None
        )


@dataclass(frozen=True, slots=True)
class ListView:
    """`about` is the customer of the list "customer". `after` is the last id of the previous page."""

    name: str
    about: int = 0
    after: int | None = None
    filters: ListFilters = ListFilters()

    @property
    def order(self) -> str:
        chosen = _ORDER_NUMBERS.get(self.filters.order) if self.filters.order is not None else None
        return chosen or _OWN_ORDERS.get(self.name, "newest")

    def with_filter(self, field: str, value: int | None) -> "ListView":
        """Starts again from the first page. A person, a team and nobody exclude one another."""
        chosen = replace(self.filters, **{field: value})
        if field in ("person", "team"):
            chosen = replace(chosen, **{"team" if field == "person" else "person": None})
        return replace(self, filters=chosen, after=None)

    def for_reader(self, manager: Manager) -> "ListView":
        """Replaces ME by the manager who looks. Later pages and filters keep that person."""
        own = self.filters.person == ME
        return replace(self, filters=replace(self.filters, person=manager.id)) if own else self

    def at(self, after: int | None) -> "ListView":
        """The view at another page."""
        return replace(self, after=after)

    def word(self) -> str:
        """The view in a button's data, to return to it."""
        numbers = f"{encode_number(self.about)}.{encode_number(self.after or 0)}"
        return f"{_LETTERS[self.name]}.{numbers}.{self.filters.word()}"


def list_view(name: str, *, about: int = 0, after: int | None = None, filters: str = "") -> ListView:
    """Raises NotFound for values that no button of ours carries."""
    if name not in _NARROWED:
        raise NotFound("list", name)
    return ListView(name, about, after, _parse_filters(filters))


def parse_view(word: str) -> ListView:
    """The view in a button's data. Raises NotFound for data that no button of ours carries."""
    parts = word.split(".")
    if len(parts) != 4:
        raise NotFound("list", word[:18])
    letter, about, after, filters = parts
    name = next((name for name, known in _LETTERS.items() if known == letter), letter)
    return list_view(name, about=decode_number(about), after=decode_number(after) or None, filters=filters)


def order_number(name: str) -> int:
    """The number of an order in a filter."""
    return next(number for number, order in _ORDER_NUMBERS.items() if order == name)


def filter_of_view(tx: Tx, manager: Manager, view: ListView) -> DialogFilter:
    """Raises NotFound if a chosen value no longer exists."""
    chosen = view.filters
    found = _NARROWED[view.name]
    if view.name == "customer":
        found = replace(found, customer_id=view.about)
    if view.name == "mine":
        found = replace(found, assignee_telegram_id=manager.telegram_id)
    elif chosen.person == NOBODY:
        found = replace(found, unassigned=True)
    elif chosen.person is not None:
        found = replace(found, assignee_telegram_id=_person(tx, chosen.person).telegram_id)
    if chosen.team is not None:
        found = replace(found, team=teams.by_id(tx, chosen.team).name)
    named: dict[str, Any] = {
        field: name_of(tx, field, getattr(chosen, field))
        for field in LISTED
        if getattr(chosen, field) is not None
    }
    return replace(found, **named)


def filter_text(tx: Tx, field: str, number: int) -> str:
    """The name of a filter's value. Not for NOBODY, nor for an order."""
    if field == "person":
        return _person(tx, number).name
    if field == "team":
        return teams.by_id(tx, number).name
    return name_of(tx, field, number)


def name_of(tx: Tx, field: str, number: int) -> str:
    """The name of a list value, even if it was deleted."""
    for row in lists.list_names_ever(tx, LISTED[field]):
        if row["id"] == number:
            return str(row["name"])
    raise NotFound("list", number)


def _person(tx: Tx, manager_id: int) -> Manager:
    found = managers.by_id(tx, manager_id)
    if found is None:
        raise NotFound("manager", manager_id)
    return found


def _parse_filters(word: str) -> ListFilters:
    if not _FILTER_WORD.fullmatch(word):
        raise NotFound("list", word[:18])
    names = {key: name for name, key in _KEYS.items()}
    chosen = {names[key]: decode_number(value) for key, value in _FILTER.findall(word) if key in names}
    return ListFilters(**chosen | ({"person": ME} if _MINE in word else {}))


def encode_number(number: int) -> str:
    """In base 36, because a button's data is short."""
    signs = ""
    while number:
        number, rest = divmod(number, len(_SIGNS))
        signs = _SIGNS[rest] + signs
    return signs or "0"


def decode_number(word: str) -> int:
    """Raises NotFound for what `encode_number` never produces."""
    if not re.fullmatch(r"[0-9a-z]{1,12}", word):
        raise NotFound("list", word[:18])
    return int(word, len(_SIGNS))
