"""A customer's answer ends the pause of their dialog, if the desk has turned on this habit."""

from holdline.desk.automation.habits import actor_of, habits_of
from holdline.desk.dialogs.decisions import carry_out
from holdline.desk.funnels.answers import is_meant_for_funnel
from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions import transitions
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx

_MOST = 20


def resume_by_answer(tx: Tx, customer: Customer, content: Content) -> Dialog | None:
    """Resumes the dialog to which the message replies, otherwise the one paused last. The customer is locked and has no
    active dialog. Returns None if nothing is resumed: also for a message that is already stored, for a muted
    customer, and for an answer to a funnel.
    """
    if customer.mute is not None or not habits_of(tx).answer_ends_pause:
        return None
    paused = dialogs.list_paused(tx, customer.id, limit=_MOST)
    chat_id = customer.address.chat_id
    if not paused or telegram_messages.find(tx, chat_id, content.tg_message_id or 0):
        return None
    if is_meant_for_funnel(tx, customer, content):
        return None
    answered = telegram_messages.find(tx, chat_id, content.reply_to_tg_id or 0)
    about = answered["dialog_id"] if answered else None
    dialog = next((each for each in paused if each.id == about), paused[0])
    decision = transitions.resume(dialog, by=actor_of(tx, "answer_ends_pause"), active=None)
    return carry_out(tx, decision, before=dialog)
