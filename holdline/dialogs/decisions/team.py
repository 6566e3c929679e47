"""A team: managers who share dialogs, and which of them gets the next one."""

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
    """A member of a team. The member with the lowest `last_turn` is next."""

    person: Person
    ready: bool
    last_turn: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """`capacity`: a member with this many active dialogs is given no new one; None means no limit."""

    id: int
    name: str
    routing: Routing
    capacity: int | None
    members: tuple[Member, ...] = ()

    def has(self, manager_id: int) -> bool:
        return any(member.person.id == manager_id for member in self.members)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ready member, and the number of their active dialogs."""

    manager_id: int
    load: int
    last_turn: int


def valid_routing(value: str | None) -> str:
    """The default is manual."""
    return MANUAL if value is None else require_one_of(value, ROUTINGS, field="routing")


def valid_capacity(value: object) -> int | None:
    """A whole number from 1, or None for no limit."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_CAPACITY:
        raise BadInput("capacity", "mends.capacity", most=MOST_CAPACITY)
    return value


def choose_member(team: Team, ready: Sequence[Candidate], *, last_handler: int | None = None) -> int | None:
    """The manager's id, or None if nobody is below capacity or the routing is manual.

    `last_handler` goes first if they are free. Among equals the one who waited longest is next, then the order of
    the team.
    """
    free = [each for each in ready if team.capacity is None or each.load < team.capacity]
    if team.routing == MANUAL or not free:
        return None
    if any(each.manager_id == last_handler for each in free):
        return last_handler
    if team.routing == LEAST_LOADED:
        return min(free, key=lambda each: (each.load, each.last_turn)).manager_id
    return min(free, key=lambda each: each.last_turn).manager_id
