"""A team: people who share dialogs, and who of them gets the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from holdline.dialogs.dialog import Person
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.choices import require_one_of

Routing = Literal["manual", "round_robin", "least_loaded"]
MANUAL: Routing = "manual"
ROUND_ROBIN: Routing = "round_robin"
LEAST_LOADED: Routing = "least_loaded"
ROUTINGS = (MANUAL, ROUND_ROBIN, LEAST_LOADED)
MOST_CAPACITY = 10_000


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a team; who has the lowest `last_turn` is next."""

    person: Person
    ready: bool
    last_turn: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """`capacity`: how many active dialogs a member may have and still be given one; None for any number."""

    id: int
    name: str
    routing: Routing
    capacity: int | None
    members: tuple[Member, ...] = ()

    def has(self, manager_id: int) -> bool:
        return any(member.person.id == manager_id for member in self.members)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ready member with the number of their active dialogs."""

    manager_id: int
    load: int
    last_turn: int


def valid_routing(value: str | None) -> str:
    """By hand where none is given."""
    return MANUAL if value is None else require_one_of(value, ROUTINGS, field="routing")


def valid_capacity(value: object) -> int | None:
    """A whole number from 1; None for any number of dialogs."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_CAPACITY:
        raise BadInput("capacity", "mends.capacity", most=MOST_CAPACITY)
    return value


def choose_member(team: Team, ready: Sequence[Candidate], *, last_handler: int | None = None) -> int | None:
    """The manager's id; None where nobody is below capacity, or people choose by hand.

    `last_handler` goes first where they are free. Of equals it is whoever waited longest, then the team's own order.
    """
    free = [each for each in ready if team.capacity is None or each.load < team.capacity]
    if team.routing == MANUAL or not free:
        return None
    if any(each.manager_id == last_handler for each in free):
        return last_handler
    if team.routing == LEAST_LOADED:
        return min(free, key=lambda each: (each.load, each.last_turn)).manager_id
    return min(free, key=lambda each: each.last_turn).manager_id
