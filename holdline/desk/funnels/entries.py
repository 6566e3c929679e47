"""How customers enter a funnel by themselves: by a start link, a tag, a button, or the close of a dialog. This only
enrols them; the timers take the first step, so that no definition can make it fail here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.leaving import funnel_event
from holdline.desk.marketing.admission import find_postponement
from holdline.desk.record import record
from holdline.dialogs.customer import Customer
from holdline.dialogs.event import SYSTEM, Actor, Event, EventKind
from holdline.dialogs.funnels.course import START, Say, advance
from holdline.dialogs.funnels.definition import FIRST
from holdline.dialogs.funnels.enrolment import Enrolment, Entrance, Funnel
from holdline.dialogs.funnels.steps import QuestionStep, SendStep
from holdline.dialogs.text.times import in_zone
from holdline.store.delivery import chats
from holdline.store.dialogs import dialogs
from holdline.store.funnels import enrolments, funnels, profiles, waiting_entries
from holdline.store.marketing import topics
from holdline.store.people import customers
from holdline.store.tx import Tx

ENTERS_AGAIN_AFTER = timedelta(minutes=1)
"""An enrolment that ended at least this long ago may start again; an earlier entry counts as a repeated tap."""


_BY_CUSTOMER = ("start", "button")
"""Entries that are the customer's own acts."""


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """The sentence for a customer who enters a funnel that sends them nothing yet: its key and its words."""

    key: str
    words: dict[str, str]


def enrol_by_start(tx: Tx, customer_id: int, payload: str) -> EntryAnswer | None:
    """Enrols by the payload of /start; the caller holds the customer's chat. Returns the sentence for the customer if
    they get no message of the funnel now.
    """
    found = funnels.of_entry(tx, "start", [payload], also_paused=True) if payload else []
    answers = [_enter_or_wait(tx, funnels.load(tx, one), customer_id, "start") for one in found]
    return next((answer for answer in answers if answer is not None), None)


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
    if funnel is None or not definition_of(tx, funnel.version_id).entries.button:
        return False
    _enter_or_wait(tx, funnel, customer_id, "button")
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
    """Creates an enrolment at the first step of the newest version, due now; the customer waits no longer for the end
    of a pause. `by`: who is named in the history.
    """
    waiting_entries.take(tx, funnel_id=funnel.id, customer_id=customer_id)
    enrolment = enrolments.insert(tx, funnel=funnel, customer_id=customer_id, position=FIRST, entry=entry)
    record(tx, [funnel_event(tx, EventKind.FUNNEL_ENTERED, enrolment, by)])
    return enrolment


def enter_waiting(tx: Tx, *, funnel_id: int, customer_id: int) -> bool:
    """Enrols a customer who waited for the end of a pause; returns whether they are enrolled now. A customer who does
    not want marketing any longer waits no more.
    """
    chats.lock_for_customer(tx, customer_id)
    funnel = funnels.by_id(tx, funnel_id)
    if funnel is None or not funnel.active:
        return False
    entry = waiting_entries.take(tx, funnel_id=funnel_id, customer_id=customer_id)
    how: Entrance = "start" if entry == "start" else "button"
    return entry is not None and _enter_if_free(tx, funnel, customer_id, how) is not None


def find_refused_topic(tx: Tx, funnel: Funnel, customer_id: int) -> str | None:
    """A topic of the funnel, if the customer has switched off the topics of all its messages; None if they would get
    any message.
    """
    steps = definition_of(tx, funnel.version_id).by_address.values()
    said = {step.message.topic for step in steps if isinstance(step, SendStep | QuestionStep)}
    if not said or None in said:
        return None
    choices = topics.choices(tx, customer_id)
    refused = sorted(str(topic) for topic in said if choices.get(str(topic)) is False)
    return refused[0] if len(refused) == len(said) else None


def _enter_or_wait(tx: Tx, funnel: Funnel, customer_id: int, entry: Entrance) -> EntryAnswer | None:
    """For the customer's own acts: enters the funnel, or waits while it is paused; not if it is silent for them."""
    if find_refused_topic(tx, funnel, customer_id) is not None:
        return EntryAnswer("customer.entry_topic_off", {})
    if funnel.active:
        enrolment = _enter_if_free(tx, funnel, customer_id, entry)
        return _answer_for_day(tx, enrolment) if enrolment is not None else None
    if not _is_free(tx, funnel, customers.load(tx, customer_id), entry) or not funnels.hold(tx, funnel.id):
        return None
    waiting_entries.add(tx, funnel_id=funnel.id, customer_id=customer_id, entry=entry)
    return EntryAnswer("customer.entry_waits", {})


def _answer_for_day(tx: Tx, enrolment: Enrolment) -> EntryAnswer | None:
    """When the first message comes, if it comes at once and quiet hours or the cap hold it back."""
    customer = customers.load(tx, enrolment.customer_id)
    postponed = find_postponement(tx, customer)
    if postponed is None or postponed.until - tx.at > timedelta(days=1):
        return None
    definition, profile = definition_of(tx, enrolment.version_id), profiles.profile_of(tx, enrolment)
    if not isinstance(advance(definition, START, profile, tx.at).what, Say):
        return None
    at = in_zone(postponed.until, profile.time_zone)
    return EntryAnswer("customer.entry_later", {"at": f"{at:%H:%M}"})


def _enter_if_free(tx: Tx, funnel: Funnel, customer_id: int, entry: Entrance) -> Enrolment | None:
    """Enrols the customer if they may enter, would get a message, and the funnel still exists."""
    customer = customers.load(tx, customer_id)
    if not _is_free(tx, funnel, customer, entry) or find_refused_topic(tx, funnel, customer_id) is not None:
        return None
    if not funnels.hold(tx, funnel.id):
        return None
    by = customer.as_actor() if entry in _BY_CUSTOMER else SYSTEM
    return enter(tx, funnel, customer_id, entry, by=by)


def _is_free(tx: Tx, funnel: Funnel, customer: Customer, entry: Entrance) -> bool:
    """Whether the customer takes marketing and is not in the funnel. Repeated taps count once; a customer who left
    before the end and returns by themselves may enter at once.
    """
    if customer.opted_out_at is not None or customer.reach != "ok":
        return False
    before = enrolments.newest_of(tx, funnel.id, customer.id)
    if before is None or before.ended_at is None:
        return before is None
    is_back = before.state == "left" and entry in _BY_CUSTOMER
    return is_back or before.ended_at <= tx.at - ENTERS_AGAIN_AFTER
