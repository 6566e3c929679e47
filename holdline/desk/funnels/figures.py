"""Figures of funnels: who is enrolled, what was sent, which branches were taken, which goals were reached."""

from dataclasses import dataclass
from datetime import datetime

from holdline.desk.funnels.definitions import definition_of
from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.enrolment import Enrolment, Funnel
from holdline.store.funnels import enrolment_steps, enrolments, funnels
from holdline.store.people import customers
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class FunnelFigures:
    """`counts`: enrolments of all versions by state; `steps`: of the version of `funnel`. `newest`: the number of
    the newest version.
    """

    funnel: Funnel
    counts: dict[str, int]
    steps: list[Row]
    newest: int


@dataclass(frozen=True, slots=True)
class DrawnFunnel:
    """`counts`: how many customers a step was sent to (its address, None), how many took a branch (address, name)."""

    definition: Definition
    counts: dict[tuple[str, str | None], int]


def funnel_page(tx: Tx, *, after: int = 0, limit: int = 1000) -> list[tuple[Funnel, dict[str, int]]]:
    """A page of funnels by rising id, each with its numbers of running, done and left enrolments."""
    counts = enrolments.counts(tx)
    return [(funnel, counts.get(funnel.id, {})) for funnel in funnels.page(tx, after=after, limit=limit)]


def figures_of(tx: Tx, *, funnel_id: int, version: int | None = None) -> FunnelFigures:
    """The figures of a version, by default of the newest one."""
    funnel, newest = funnel_by_id(tx, funnel_id=funnel_id, version=version), funnels.load(tx, funnel_id)
    counts = enrolments.counts(tx, funnel_id).get(funnel_id, {})
    return FunnelFigures(funnel, counts, enrolment_steps.count(tx, funnel.version_id), newest.version)


def funnel_to_draw(tx: Tx, *, funnel_id: int, version: int | None = None) -> DrawnFunnel:
    """What a picture of a version shows, by default of the newest one."""
    funnel = funnel_by_id(tx, funnel_id=funnel_id, version=version)
    counts = {
        (row["address"], row["branch"]): row["number"]
        for row in enrolment_steps.count(tx, funnel.version_id)
        if row["kind"] in ("sent", "branch")
    }
    return DrawnFunnel(definition_of(tx, funnel.version_id), counts)


def funnel_by_id(tx: Tx, *, funnel_id: int, version: int | None = None) -> Funnel:
    """The funnel in a version, by default in the newest one. Raises NotFound if there is no such funnel or version."""
    newest = funnels.load(tx, funnel_id)
    return newest if version is None else funnels.load_version(tx, funnel_id, version)


@dataclass(frozen=True, slots=True)
class SharedEntry:
    """An entry that leads into the funnel `other` as well. `kind`: start or tag."""

    other: str
    kind: str
    value: str


def list_shared_entries(tx: Tx, *, funnel_id: int) -> list[SharedEntry]:
    """The entries that this funnel shares with others. A customer who uses one gets both funnels at once, which is
    seldom intended.
    """
    return [
        SharedEntry(row["name"], row["kind"], row["value"])
        for row in funnels.list_entered_alike(tx, funnel_id)
    ]


def enrolment_page(
    tx: Tx, *, funnel_id: int, state: str | None = None, after: int = 0, limit: int = 50
) -> list[Enrolment]:
    """A page of enrolments by rising id; raises NotFound if there is no such funnel."""
    funnels.load(tx, funnel_id)
    return enrolments.page(tx, funnel_id, state=state, after=after, limit=limit)


def enrolments_of_customer(
    tx: Tx, *, customer_id: int, state: str | None, order: str, after: int | None, limit: int
) -> list[Enrolment]:
    """A page of the customer's enrolments; raises NotFound if there is no such customer."""
    customers.load(tx, customer_id)
    newest_first = order == "newest"
    return enrolments.page_of_customer(
        tx, customer_id, newest_first=newest_first, state=state, after=after, limit=limit
    )


def enrolment_by_id(tx: Tx, *, enrolment_id: int) -> Enrolment:
    return enrolments.load(tx, enrolment_id)


@dataclass(frozen=True, slots=True)
class EnrolledPerson:
    """A customer with a running enrolment."""

    enrolment: Enrolment
    name: str


def people_of_funnel(tx: Tx, *, funnel_id: int, after: int = 0, limit: int = 50) -> list[EnrolledPerson]:
    """Customers with running enrolments in the funnel, by rising id of the enrolment."""
    running = enrolments.page(tx, funnel_id, state="running", after=after, limit=limit)
    return [EnrolledPerson(one, customers.load(tx, one.customer_id).name) for one in running]


def names_of_running(tx: Tx, *, customer_id: int) -> list[str]:
    """The names of the funnels that the customer is in."""
    return enrolments.names_of_running(tx, customer_id)


@dataclass(frozen=True, slots=True)
class PastEnrolment:
    """An enrolment that is over, with the name of its funnel."""

    enrolment: Enrolment
    name: str
    ended_at: datetime


def past_enrolments(tx: Tx, *, customer_id: int, limit: int) -> list[PastEnrolment]:
    """The customer's latest enrolments that are over, the newest first."""
    found = enrolments.list_ended(tx, customer_id, limit=limit)
    return [PastEnrolment(one, funnels.name_of(tx, one.funnel_id), one.ended_at or tx.at) for one in found]


def enrolments_of(tx: Tx, *, customer_id: int) -> list[Enrolment]:
    """The customer's running enrolments."""
    return enrolments.list_running(tx, customer_id)
