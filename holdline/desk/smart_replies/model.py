"""A language model may choose an answer if no question is similar enough; it is asked outside the transaction, and only
soon after the message.
"""

from dataclasses import dataclass
from datetime import datetime

from holdline.desk.smart_replies.answering import give_answer, may_answer
from holdline.desk.smart_replies.choosing import is_model_on, list_most_similar
from holdline.desk.smart_replies.feedback import show_on_cards
from holdline.dialogs.decisions.outbound import SMART_REPLY_GOOD_FOR
from holdline.dialogs.message import Message
from holdline.dialogs.smart_replies.smart_reply import SmartReply, Suggestion
from holdline.store.conversation import messages
from holdline.store.delivery import chats
from holdline.store.smart_replies import smart_answers, smart_jobs, smart_replies
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class SmartJob:
    """A customer's message for the model; `replies` is empty if it is too late or no answer is allowed any longer."""

    message_id: int
    asked_at: datetime
    inbox_item_id: int
    text: str = ""
    replies: tuple[SmartReply, ...] = ()


def next_smart_job(tx: Tx) -> SmartJob | None:
    """The job that has waited longest."""
    row = smart_jobs.oldest(tx)
    if row is None:
        return None
    job = SmartJob(row["message_id"], row["created_at"], row["inbox_item_id"])
    message = messages.by_id(tx, job.message_id)
    if message is None or not is_model_on(tx) or not _may_still_answer(tx, job, message):
        return job
    text = message.content.text
    replies = tuple(list_most_similar(tx, text))
    return SmartJob(job.message_id, job.asked_at, job.inbox_item_id, text, replies)


def answer_by_choice(tx: Tx, *, job: SmartJob, reply_id: int | None) -> bool:
    """Gives the chosen answer; returns whether it did. Checked again under the customer's lock, because seconds have
    passed.
    """
    message = messages.by_id(tx, job.message_id)
    if message is not None:
        chats.lock_for_customer(tx, message.customer_id)
    if not smart_jobs.delete(tx, job.message_id) or message is None:
        return False
    offered = {reply.id for reply in job.replies}
    reply = smart_replies.by_id(tx, reply_id) if reply_id in offered and reply_id is not None else None
    if reply is None or not reply.active or not _may_still_answer(tx, job, message):
        return False
    found = Suggestion(reply, 1.0, "model")
    given = give_answer(tx, found, message, inbox_item_id=job.inbox_item_id)
    if given:
        show_on_cards(tx, message.id)
    return given


def _may_still_answer(tx: Tx, job: SmartJob, message: Message) -> bool:
    """Whether the message is recent, is the customer's last one, and no person is answering."""
    is_late = tx.at - job.asked_at > SMART_REPLY_GOOD_FOR
    is_last = smart_answers.newest_words_of(tx, message.customer_id) == message.id
    return not is_late and is_last and may_answer(tx, message, asked_at=job.asked_at)
