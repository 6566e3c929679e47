"""How customers enter a funnel by themselves: by a start link, a tag, a button, or the close of a dialog. This only
enrols them; the timers take the first step, so that no definition can make it fail here.
"""

from collections.abc import Iterable
from datetime import timedelta

from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.leaving import funnel_event
from holdline.desk.record import record
from holdline.dialogs.event import SYSTEM, Actor, Event, EventKind
from holdline.dialogs.funnels.definition import FIRST
from holdline.dialogs.funnels.enrolment import Enrolment, Entrance, Funnel
from holdline.store.dialogs import dialogs
from holdline.store.funnels import enrolments, funnels
from holdline.store.people import customers
from holdline.store.tx import Tx

ENTERS_AGAIN_AFTER = timedelta(minutes=1)
"""An enrolment that ended at least this long ago may start again; an earlier entry counts as a repeated tap."""


_BY_CUSTOMER = ("start", "button")
"""Entries that are the customer's own acts."""


def enrol_by_start(tx: Tx, customer_id: int, payload: str) -> None:
    """Enrols by the payload of /start; the caller holds the customer's chat."""
    if payload:
        for funnel_id in funnels.of_entry(tx, "start", [payload]):
            _enter_if_free(tx, funnels.load(tx, funnel_id), customer_id, "start")


def enrol_by_tag(tx: Tx, customer_id: int, tags: Iterable[str], *, once: bool = False) -> None:
    """Enrols by tags that the customer did not have before; the caller holds the customer's chat. `once`: only funnels
    that the customer has never been in, so that two funnels that set each other's tags cannot loop.
    """
    for funnel_id in funnels.of_entry(tx, "tag", tags):
        if not once or enrolments.newest_of(tx, funnel_id, customer_id) is None:
            _enter_if_free(tx, funnels.load(tx, funnel_id), customer_id, "tag")


def enrol_tagged(tx: Tx, event: Event) -> None:
    """Enrols by tags that a tool or the desk has given the customer."""
    before, after = event.data.get("tags", ([], []))
    enrol_by_tag(tx, event.customer_id, sorted(set(after) - set(before)))


def enrol_by_button(tx: Tx, customer_id: int, name: str) -> bool:
    """Enrols by a button that names a funnel; returns whether there is one that accepts buttons."""
    funnel = funnels.by_name(tx, name)
    if funnel is None or not funnel.active or not definition_of(tx, funnel.version_id).entries.button:
        return False
    _enter_if_free(tx, funnel, customer_id, "button")
    return True


def enrol_after_close(tx: Tx, event: Event) -> None:
    """Enrols after a close, but not after a merge: for the customer the case goes on."""
    if event.data.get("merged_into"):
        return
    for funnel_id in funnels.of_entry(tx, "dialog_closed", [""]):
        funnel, dialog = funnels.load(tx, funnel_id), dialogs.of_event(tx, event)
        closed = definition_of(tx, funnel.version_id).entries.dialog_closed
        if closed is not None and closed.fits(reason=dialog.close_reason, type_=dialog.type):
            _enter_if_free(tx, funnel, event.customer_id, "dialog_closed")


def enter(tx: Tx, funnel: Funnel, customer_id: int, entry: Entrance, *, by: Actor = SYSTEM) -> Enrolment:
    """Creates an enrolment at the first step of the newest version, due now. `by`: who is named in the history."""
    enrolment = enrolments.insert(tx, funnel=funnel, customer_id=customer_id, position=FIRST, entry=entry)
    record(tx, [funnel_event(tx, EventKind.FUNNEL_ENTERED, enrolment, by)])
    return enrolment


def _enter_if_free(tx: Tx, funnel: Funnel, customer_id: int, entry: Entrance) -> None:
    """Enrols the customer unless they are enrolled already or take no marketing. Repeated taps count once; a customer
    who left before the end and returns by themselves may enter at once.
    """
    customer = customers.load(tx, customer_id)
    if customer.opted_out_at is not None or customer.reach != "ok":
        return
    before = enrolments.newest_of(tx, funnel.id, customer_id)
    if before is None or before.ended_at is None:
        is_free = before is None
    else:
        is_back = before.state == "left" and entry in _BY_CUSTOMER
        is_free = is_back or before.ended_at <= tx.at - ENTERS_AGAIN_AFTER
    if is_free:
        by = customer.as_actor() if entry in _BY_CUSTOMER else SYSTEM
        enter(tx, funnel, customer_id, entry, by=by)
