"""The line above a message that names its author. Names are untrusted text."""

from datetime import timedelta

from holdline.desk.funnels.definitions import definition_of
from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions.ratings import is_bad
from holdline.dialogs.funnels.steps import QuestionStep
from holdline.dialogs.message import Message
from holdline.dialogs.text.limits import HEADER_ROOM, fits, length
from holdline.dialogs.text.richtext import RichText, clip_entities, with_mark
from holdline.dialogs.text.splitting import inline, truncate
from holdline.screens.render.render_context import RenderContext
from holdline.store.dialogs import dialogs, ratings
from holdline.store.funnels import enrolment_steps
from holdline.store.people import customers, managers
from holdline.store.smart_replies import smart_answers
from holdline.store.tx import Tx
from holdline.texts import say

_TITLE_IN_HEAD = 80
_NAME_IN_HEAD = 64
_ANSWER_IN_HEAD = 200
_ANSWERS_WITHIN = timedelta(hours=24)
"""A message that comes later than this after a bad rating is about something else."""


def customer_line(customer: Customer, language: str) -> str:
    """The sender, for an Inbox card."""
    name = inline(truncate(customer.name, _NAME_IN_HEAD))
    return say("cards.inbox_head", language, name=name, id=customer.telegram_id)


def header_of(tx: Tx, message: Message, context: RenderContext) -> RichText:
    """In a topic, customers' messages have no header. Elsewhere it names the dialog, and the author if it is not the
    customer.
    """
    author = _author(tx, message, context.language)
    if not context.has_header:
        return _bold(author)
    customer = customers.by_id(tx, message.customer_id)
    dialog_id = context.place["dialog_id"] if context.place else message.dialog_id
    if dialog_id is None:
        line = customer_line(customer, context.language) if customer else ""
        return _bold(f"{author.removesuffix(':')} → {line}" if author else line)
    who = author or (inline(truncate(customer.name, _NAME_IN_HEAD)) if customer else "")
    return _bold(f"{dialog_line(tx, dialog_id)} · {who}")


def smart_answer_line(tx: Tx, message: Message, language: str) -> str:
    """“🤖 Opening hours: “We are open from 9 to 18.” · 👍 It helped”; empty if there was no automatic answer."""
    answer = smart_answers.of_question(tx, message.id)
    if answer is None:
        return ""
    if answer["status"] in ("dropped", "expired", "cancelled", "parked"):
        return say("smart.card_not_sent", language, name=inline(truncate(answer["name"], _NAME_IN_HEAD)))
    words = {
        "name": inline(truncate(answer["name"], _NAME_IN_HEAD)),
        "text": inline(truncate(answer["text"], _ANSWER_IN_HEAD)),
    }
    line = say("smart.card_answered", language, **words)
    feedback = answer["feedback"]
    return f"{line} · {say(f'smart.card_{feedback}', language)}" if feedback else line


def funnel_answer_line(tx: Tx, message: Message, language: str) -> str:
    """“🧭 Answers the funnel “Welcome”: Where do you live?”; empty if the message did not answer a funnel."""
    taken = enrolment_steps.of_words(tx, message.id)
    if taken is None:
        return ""
    step = definition_of(tx, taken["version_id"]).by_address.get(taken["address"])
    question = step.message.words.text if isinstance(step, QuestionStep) else ""
    words = {
        "name": inline(truncate(taken["name"], _NAME_IN_HEAD)),
        "question": inline(truncate(question, _ANSWER_IN_HEAD)),
    }
    return say(f"funnel_windows.card_{taken['kind']}", language, **words)


def rating_answer_line(tx: Tx, message: Message, language: str) -> str:
    """“⭐ Answers “What went wrong?”: #4 Lost parcel, rated 1 of 3”; empty if the customer was not asked before it."""
    rating = (
        ratings.find_answer_before(tx, message.id, within=_ANSWERS_WITHIN)
        if tx.rules.ask_after_bad_rating and message.author_kind == "customer"
        else None
    )
    if rating is None or not is_bad(rating["value"]):
        return ""
    title = inline(truncate(rating["title"], _TITLE_IN_HEAD))
    return say("cards.after_rating", language, id=rating["dialog_id"], title=title, value=rating["value"])


def dialog_line(tx: Tx, dialog_id: int) -> str:
    """“#4 Lost parcel”."""
    return f"#{dialog_id} {inline(truncate(dialogs.by_id(tx, dialog_id).title, _TITLE_IN_HEAD))}"


def manager_name(tx: Tx, manager_id: int | None) -> str:
    """The manager's name, safe to show in our own text."""
    manager = managers.by_id(tx, manager_id) if manager_id is not None else None
    return inline(truncate(manager.name, _NAME_IN_HEAD)) if manager else "?"


def _author(tx: Tx, message: Message, language: str) -> str:
    """Empty for the customer."""
    if message.author_kind == "customer":
        return ""
    if message.author_kind != "manager":
        return say(f"cards.author_{message.author_kind}", language)
    return say("cards.author_manager", language, name=manager_name(tx, message.manager_id))


def _bold(line: str) -> RichText:
    return with_mark(truncate(line, HEADER_ROOM - 16), "bold")


def fit_header(head: RichText) -> RichText:
    """As many lines of the header as fit. The first one, which names the author, always does."""
    text = head.text
    while not fits(text, HEADER_ROOM - 1) and "\n" in text:
        text = text.rpartition("\n")[0]
    return RichText(text, clip_entities(head.entities, 0, length(text)))
