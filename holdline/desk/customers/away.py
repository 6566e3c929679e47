"""The away message: outside its hours the desk answers once that it is closed, if it has chosen a calendar for that."""

from holdline.desk.customers.customers import send_standard_message
from holdline.desk.funnels.answers import is_answer
from holdline.dialogs.event import Event
from holdline.dialogs.sla.working_time import next_opening
from holdline.store.dialogs import calendars
from holdline.store.people import customers
from holdline.store.screens import settings
from holdline.store.smart_replies import smart_answers
from holdline.store.tx import Tx

SETTING = "away_calendar"


def send_away_message(tx: Tx, event: Event) -> None:
    """Sends it once to each customer until the desk opens again, but not for messages that a smart reply or a funnel
    has answered.
    """
    chosen = settings.value(tx, SETTING)
    if chosen is None or (event.message is not None and is_answer(tx, event.message.id)):
        return
    calendar = next((each.calendar for each in calendars.all_calendars(tx) if each.id == chosen), None)
    opens_at = next_opening(calendar, tx.at) if calendar is not None else None
    if opens_at is None:
        return
    if event.message is not None and smart_answers.of_question(tx, event.message.id) is not None:
        return
    key = f"away:{event.customer_id}:{opens_at.timestamp():.0f}"
    send_standard_message(tx, customers.of_event(tx, event), "away", key=key, dialog_id=event.dialog_id)
