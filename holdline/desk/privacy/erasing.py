"""Erases a customer: a job of short transactions. Each leaves the job where the next one, of any process, goes on."""

from dataclasses import replace
from datetime import timedelta

from holdline.desk.dialogs.transitions import apply_close
from holdline.desk.funnels.leaving import end_enrolment
from holdline.desk.marketing.outbound_events import record_outbound
from holdline.desk.privacy.copies import delete_copies, delete_late_copies
from holdline.desk.record import record
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import SYSTEM, Event, EventKind
from holdline.dialogs.privacy.personal_values import contacts_in, forms_of
from holdline.store.broadcasts import recipients
from holdline.store.delivery import chats
from holdline.store.delivery.outbound import MARKETING_CLASSES
from holdline.store.dialogs import dialogs
from holdline.store.funnels import enrolments
from holdline.store.people import customers
from holdline.store.privacy import copies, erasing, erasures, searching
from holdline.store.privacy.erasures import Erasure
from holdline.store.privacy.person_values import read_values
from holdline.store.tx import Tx

COPIES_WAIT = timedelta(minutes=10)
"""How long the deletions in the customer's own chat may take: while they are made, their id is still needed."""
_MOST_DIALOGS = 10_000
MOST_TEXTS = 50
"""Of the texts that the erasure looks for in technical copies; names and contacts are nearly always among them."""


def note_listed(tx: Tx, *, erasure_id: int, person_hash: str) -> None:
    """The erasure list holds the person now: whatever happens, the next start finishes what begins here."""
    erasures.begin(tx, erasure_id, person_hash)


def take_step(tx: Tx, *, erasure_id: int) -> Erasure | None:
    """Does the next piece of the job; returns it as it is then. None: it is over, or another process is at it."""
    erasure = erasures.lock_running(tx, erasure_id)
    if erasure is None:
        return None
    match erasure.state:
        case "listed":
            _stop(tx, erasure)
        case "copies":
            _wait_for_copies(tx, erasure)
        case erasures.VALUES:
            _erase_values(tx, erasure)
        case erasures.SEARCH:
            _search(tx, erasure)
        case _:
            pass  # the caller of the job does "asked" and "scrub"
    return erasures.by_id(tx, erasure_id)


def forget_values(tx: Tx, *, erasure_id: int) -> None:
    """The last personal values, those of the job itself."""
    erasures.save(tx, erasure_id, values_json=None)


def finish(tx: Tx, *, erasure_id: int) -> None:
    """The database file holds nothing any longer, either. History says that and who asked for it."""
    erasure = erasures.lock_running(tx, erasure_id)
    if erasure is None:
        return
    erasures.save(tx, erasure_id, state=erasures.DONE, ended_at=tx.at)
    record(tx, [Event(EventKind.CUSTOMER_ERASED, erasure.actor, erasure.customer_id)])


def _stop(tx: Tx, erasure: Erasure) -> None:
    """Ends everything that is open with the customer, as a close without a form would; nothing more is sent to them."""
    customer_id = erasure.customer_id
    chats.lock_for_customer(tx, customer_id)
    customer = customers.load(tx, customer_id)
    kept = read_values(tx, replace(erasure, kept_values={"telegram_id": customer.telegram_id}).person)
    kept["contacts"] = contacts_in(kept["texts"])
    erasure = replace(erasure, kept_values=kept)
    _end_open_work(tx, erasure)
    figures = {} if erasure.keeps_copies else delete_copies(tx, erasure)
    erasures.save(
        tx,
        erasure.id,
        state="copies",
        values_json=kept,
        figures_json=figures,
        copies_until_at=tx.at + COPIES_WAIT,
    )


def _end_open_work(tx: Tx, erasure: Erasure) -> None:
    for dialog in _open_dialogs(tx, erasure.customer_id):
        apply_close(tx, SYSTEM, dialog, Closing(send_rating_form=False, request_id=0))
    for enrolment in enrolments.list_running(tx, erasure.customer_id):
        end_enrolment(tx, enrolment, state="left", reason="erased")
    cancelled = copies.cancel_waiting(tx, erasure.person)
    marketing = [row for row in cancelled if row["class"] in MARKETING_CLASSES]
    record_outbound(tx, EventKind.OUTBOUND_ENDED, marketing, status="cancelled", reason="erased")
    copies.cancel_waiting(tx, erasure.person)  # and what the ends have caused
    for broadcast_id in recipients.broadcasts_awaiting(tx, erasure.customer_id):
        recipients.settle(tx, broadcast_id, erasure.customer_id, "cancelled", reason="erased")
    copies.end_waiting_rows(tx, erasure.person)


def _open_dialogs(tx: Tx, customer_id: int) -> list[Dialog]:
    active = dialogs.active_of(tx, customer_id)
    return [*([active] if active else []), *dialogs.list_paused(tx, customer_id, limit=_MOST_DIALOGS)]


def _wait_for_copies(tx: Tx, erasure: Erasure) -> None:
    """Goes on when the customer's chat is done, or has taken too long; a call in flight is always waited for."""
    chats.lock_for_customer(tx, erasure.customer_id)
    person = erasure.person
    assert erasure.copies_until_at is not None
    is_late = tx.at >= erasure.copies_until_at
    if copies.is_calling(tx, person) or (not is_late and copies.is_unsettled(tx, person)):
        return
    _end_open_work(tx, erasure)  # what has started while the job waited
    if not erasure.keeps_copies:
        delete_late_copies(tx, erasure, since=erasure.copies_until_at - COPIES_WAIT)
    copies.cancel_deletions(tx, person)
    erasing.replace_identity(tx, erasure)
    kept = {**erasure.kept_values, "last_item": erasing.last_id(tx, "outbox")}
    erasures.save(tx, erasure.id, state=erasures.VALUES, table_position=0, after_id=0, values_json=kept)


def _erase_values(tx: Tx, erasure: Erasure) -> None:
    chats.lock_for_customer(tx, erasure.customer_id)
    table, after, changed = erasing.erase_piece(tx, erasure)
    figures = {**erasure.figures, "rows": erasure.figures.get("rows", 0) + changed}
    state = erasures.SEARCH if erasing.is_erased(table) else erasures.VALUES
    position = 0 if state == erasures.SEARCH else table
    erasures.save(tx, erasure.id, state=state, table_position=position, after_id=after, figures_json=figures)


def _search(tx: Tx, erasure: Erasure) -> None:
    sought = searching.Sought.of(tx, erasure.person, _forms(erasure))
    table, after, found = searching.search_piece(tx, sought, erasure.table_position, erasure.after_id)
    figures = {**erasure.figures, "copies_in_tables": erasure.figures.get("copies_in_tables", 0) + found}
    state = erasures.SCRUB if searching.is_searched(table) else erasures.SEARCH
    erasures.save(tx, erasure.id, state=state, table_position=table, after_id=after, figures_json=figures)


def _forms(erasure: Erasure) -> list[str]:
    kept = erasure.kept_values
    long_first = sorted(kept["texts"], key=len, reverse=True)
    return forms_of([*kept["names"], *kept["contacts"], *long_first[:MOST_TEXTS]])
