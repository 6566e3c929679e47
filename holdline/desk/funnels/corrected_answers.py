"""Corrected answers: a customer edits the words that answered a funnel's free question, and the stored values are
updated.
"""

from dataclasses import replace

from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.goals import end_reached
from holdline.dialogs.event import Event
from holdline.dialogs.funnels.steps import QuestionStep
from holdline.store.funnels import enrolment_steps, enrolments, profiles
from holdline.store.people import customers
from holdline.store.tx import Tx


def follow_corrected_answer(tx: Tx, event: Event) -> None:
    """Updates the stored answer. The branch taken stays; a value that was changed since stays too."""
    new, old = str(event.data["new_text"]).strip(), (event.text or "").strip()
    taken = enrolment_steps.of_words(tx, event.data["message_id"]) if new else None
    if taken is None or taken["kind"] != "answer":
        return
    step = definition_of(tx, taken["version_id"]).by_address.get(taken["address"])
    enrolment = enrolments.load_locked(tx, taken["enrolment_id"])
    if not isinstance(step, QuestionStep) or step.message.buttons or enrolment is None:
        return
    if enrolment.answers.get(step.name) == old:
        enrolments.save(tx, replace(enrolment, answers={**enrolment.answers, step.name: new}))
    if step.field and customers.load(tx, event.customer_id).fields.get(step.field) == old:
        profiles.set_field(tx, event.customer_id, step.field, new)
        end_reached(tx, event.customer_id)
