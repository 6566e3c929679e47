"""The answer to a press that a funnel follows, or that leads into one: every press gets an answer."""

from holdline.desk.funnels.answers import FUNNEL_BUTTON
from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.entries import find_refused_topic
from holdline.desk.funnels.messages import STEP, number_pressed
from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.dialogs.funnels.steps import QuestionStep, SendStep
from holdline.dialogs.message import Message
from holdline.store.dialogs import dialogs
from holdline.store.funnels import enrolment_steps, enrolments, funnels, waiting_entries
from holdline.store.people import customers
from holdline.store.tx import Tx

KEPT, TAKEN, BEFORE, OLD = "press_kept", "press_taken", "press_before", "button_old"


def enrolment_pressed(tx: Tx, customer_id: int, *, outbox_id: int, data: str) -> Enrolment | None:
    """The enrolment that the press is about, as it is now."""
    if not data.startswith(FUNNEL_BUTTON):
        return enrolments.by_outbox_id(tx, outbox_id)
    funnel = funnels.by_name(tx, data.removeprefix(FUNNEL_BUTTON))
    return enrolments.newest_of(tx, funnel.id, customer_id) if funnel is not None else None


def verdict_of_press(
    tx: Tx, message: Message, *, outbox_id: int, data: str, before: Enrolment | None
) -> str | None:
    """The key of the sentence for the customer; None if the press belongs to an outside tool. `before`: the result of
    `enrolment_pressed` before the press was recorded.
    """
    now = enrolment_pressed(tx, message.customer_id, outbox_id=outbox_id, data=data)
    if data.startswith(FUNNEL_BUTTON):
        name = data.removeprefix(FUNNEL_BUTTON)
        return _verdict_of_entry(tx, message.customer_id, name, before, now)
    if now is None or not _is_followed(tx, now, message, data):
        return None
    if now.is_running and now.kept_press is not None and now.outbox_id == outbox_id:
        return KEPT
    if now != before:
        return TAKEN
    address = message.content.data.get(STEP)
    return BEFORE if enrolment_steps.has_chosen(tx, now.id, address) else OLD


def _verdict_of_entry(
    tx: Tx, customer_id: int, name: str, before: Enrolment | None, now: Enrolment | None
) -> str:
    """The verdict on an entry into the funnel of that name; during a dialog the funnel's messages wait for its end."""
    if now is not None and now != before:
        return KEPT if dialogs.active_id(tx, customer_id) is not None else TAKEN
    if customers.load(tx, customer_id).opted_out_at is not None:
        return "offers_off"
    funnel = funnels.by_name(tx, name)
    if funnel is not None and find_refused_topic(tx, funnel, customer_id) is not None:
        return "entry_topic_off"
    if funnel is not None and waiting_entries.is_waiting(tx, funnel_id=funnel.id, customer_id=customer_id):
        return "entry_waits"
    return BEFORE if now is not None else OLD


def _is_followed(tx: Tx, enrolment: Enrolment, message: Message, data: str) -> bool:
    """Whether the funnel follows that button; older messages do not say their step, so they are not followed."""
    step = definition_of(tx, enrolment.version_id).by_address.get(message.content.data.get(STEP, ""))
    return isinstance(step, SendStep | QuestionStep) and number_pressed(step.message, data) is not None
