"""Customers' answers to funnels and presses of their buttons. Messages in an active dialog are for a person, never for
a funnel.
"""

from dataclasses import replace

from holdline.desk.customers.customers import answer_message, notify
from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.entries import enrol_by_button
from holdline.desk.funnels.goals import end_reached
from holdline.desk.funnels.leaving import end_enrolment
from holdline.desk.funnels.messages import number_pressed
from holdline.desk.funnels.moving import carry_out, patience_of
from holdline.desk.funnels.step_counts import count_step
from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions.rule import OF_MESSAGES, Case, Conditions, matches
from holdline.dialogs.event import Event
from holdline.dialogs.funnels.answer_words import PROMPT_WITHIN, is_plain_answer
from holdline.dialogs.funnels.conditions import same_word
from holdline.dialogs.funnels.course import FunnelPosition, on_answer, on_press
from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.dialogs.funnels.steps import QuestionStep, SendStep
from holdline.dialogs.message import Content, Message, has_references
from holdline.store.automation import desk_rules
from holdline.store.conversation import messages
from holdline.store.delivery import outbound, telegram_messages
from holdline.store.dialogs import dialogs, inbox_items
from holdline.store.funnels import enrolment_steps, enrolments, profiles
from holdline.store.people import customers
from holdline.store.tx import Tx

FUNNEL_BUTTON = "funnel:"
"""The prefix before a funnel's name in a button of any marketing message that leads into it, if the funnel accepts
buttons.
"""


def take_words(tx: Tx, event: Event) -> None:
    """Takes the message as a stop word, otherwise as the answer to the last question, but only once. The Inbox shows
    it anyway.
    """
    message = event.message
    if event.dialog_id is not None or message is None:
        return
    running = enrolments.list_running(tx, event.customer_id)
    if not message.content.text.strip():
        _ask_for_words(tx, running, message)
    elif running and not is_answer(tx, message.id) and not _take_stop_word(tx, running, message):
        _take_answer(tx, running, message)


def take_if_only_for_funnel(tx: Tx, message: Message) -> bool:
    """Takes a message that is for a funnel alone; returns whether a funnel wanted it."""
    running = enrolments.list_running(tx, message.customer_id)
    return _take_stop_word(tx, running, message) or _take_answer(tx, running, message)


def stop_by_word(tx: Tx, message: Message) -> None:
    """Ends the enrolments that have this stop word. Works for a muted customer too, whose messages nobody reads."""
    _take_stop_word(tx, enrolments.list_running(tx, message.customer_id), message)


def take_press(tx: Tx, event: Event) -> None:
    """Handles a button that leads into a funnel, or one that a funnel follows. The latter, pressed while a dialog is
    active, is stored and counts when the gate opens.
    """
    if str(event.data["data"]).startswith(FUNNEL_BUTTON):
        enrol_by_button(tx, event.customer_id, event.data["data"].removeprefix(FUNNEL_BUTTON))
        return
    enrolment = enrolments.by_outbox_id(tx, event.data["outbox_id"])
    if enrolment is None or not enrolment.is_running or enrolment.outbox_id != event.data["outbox_id"]:
        return
    definition = definition_of(tx, enrolment.version_id)
    step = definition.by_address.get(enrolment.position)
    if not isinstance(step, SendStep | QuestionStep):
        return
    number = number_pressed(step.message, event.data["data"])
    if number is None:
        return
    if dialogs.active_id(tx, event.customer_id) is not None:
        enrolments.save(tx, replace(enrolment, kept_press=number, next_at=None))
        return
    profile = profiles.profile_of(tx, enrolment)
    turn = on_press(definition, enrolment.stands_at, (enrolment.position, number), profile, tx.at)
    if turn is not None:
        carry_out(tx, enrolment, turn, profile)


def go_on_after_dialog(tx: Tx, event: Event) -> None:
    """After the gate has opened: goals that the dialog has reached end their funnels, a stored press counts now, and a
    customer who was asked gets time to answer again.
    """
    if dialogs.active_id(tx, event.customer_id) is not None:
        return
    end_reached(tx, event.customer_id)
    for enrolment in enrolments.list_running(tx, event.customer_id):
        if enrolment.kept_press is not None:
            enrolments.save(tx, replace(enrolment, next_at=tx.at))
        elif (patience := patience_of(tx, enrolment)) is not None:
            enrolments.save(tx, replace(enrolment, next_at=tx.at + patience))


def is_meant_for_funnel(tx: Tx, customer: Customer, content: Content) -> bool:
    """Whether the words are clearly not for a person: a choice of a question, a reply to it, or a stop word."""
    said = same_word(content.text)
    for enrolment in enrolments.list_running(tx, customer.id) if said else ():
        definition = definition_of(tx, enrolment.version_id)
        position = _position_for_answer(tx, enrolment)
        step = definition.by_address.get(position.address)
        if definition.is_stop_word(content.text):
            return True
        if position.phase == "waiting" and isinstance(step, QuestionStep):
            choices = [same_word(choice.text) for choice in step.message.buttons]
            if said in choices or (not choices and _is_reply_to(tx, enrolment, customer, content)):
                return True
    return False


def is_only_for_funnel(tx: Tx, customer: Customer, content: Content) -> bool:
    """Whether no person needs to read the words: a choice, a stop word, or a few words that ask nothing, soon after a
    question. Never so if they reply to another message, are forwarded or contain words that a rule looks for; nor if
    the customer waits for a person, unless they reply to the question.
    """
    running = enrolments.list_running(tx, customer.id) if content.kind == "text" else []
    if not running or not same_word(content.text):
        return False
    if has_references(content) or _is_matched_by_rule(tx, content.text):
        return False
    return any(_is_only_for_enrolment(tx, enrolment, customer, content) for enrolment in running)


def _is_only_for_enrolment(tx: Tx, enrolment: Enrolment, customer: Customer, content: Content) -> bool:
    """The same for one enrolment, apart from references and rules."""
    is_reply = content.reply_to_tg_id is not None
    if is_reply and not _is_reply_to(tx, enrolment, customer, content):
        return False
    definition, position = definition_of(tx, enrolment.version_id), _position_for_answer(tx, enrolment)
    step = definition.by_address.get(position.address)
    if definition.is_stop_word(content.text):
        is_sure = True
    elif not isinstance(step, QuestionStep) or position.phase != "waiting":
        is_sure = False
    elif step.message.buttons:
        is_sure = same_word(content.text) in [same_word(choice.text) for choice in step.message.buttons]
    else:
        is_sure = is_plain_answer(content.text) and (is_reply or _is_asked_now(tx, enrolment))
    return is_sure and (is_reply or not _waits_for_person(tx, enrolment, customer))


def _is_asked_now(tx: Tx, enrolment: Enrolment) -> bool:
    return enrolment.sent_at is not None and tx.at - enrolment.sent_at <= PROMPT_WITHIN


def _waits_for_person(tx: Tx, enrolment: Enrolment, customer: Customer) -> bool:
    """Whether anything is open between the customer and a person, or a person has written since the question."""
    if inbox_items.lock_new(tx, customer.id) is not None or dialogs.list_paused(tx, customer.id, limit=1):
        return True
    return _has_person_written(tx, enrolment, _message_id_of(tx, enrolment))


def _is_matched_by_rule(tx: Tx, text: str) -> bool:
    """Whether a rule for messages looks for words in the text, for example to open a dialog."""
    sought = [
        rule.conditions.text_contains
        for rule in desk_rules.list_all(tx)
        if rule.active and rule.trigger in OF_MESSAGES and rule.conditions.text_contains
    ]
    return any(matches(Conditions(text_contains=words), Case(text)) for words in sought)


def _is_reply_to(tx: Tx, enrolment: Enrolment, customer: Customer, content: Content) -> bool:
    """Whether the message is a Telegram reply to the enrolment's message."""
    answered = telegram_messages.find(tx, customer.address.chat_id, content.reply_to_tg_id or 0)
    asked = _message_id_of(tx, enrolment)
    return answered is not None and asked is not None and answered["message_id"] == asked


def is_answer(tx: Tx, message_id: int) -> bool:
    """Whether a funnel took that message of the customer, as an answer or as a stop word."""
    return enrolment_steps.of_words(tx, message_id) is not None


def _take_stop_word(tx: Tx, running: list[Enrolment], message: Message) -> bool:
    """Ends the enrolments that have this stop word and confirms it to the customer."""
    text = message.content.text
    customer = customers.load(tx, message.customer_id)
    stopped = [one for one in running if definition_of(tx, one.version_id).is_stop_word(text)]
    for enrolment in stopped:
        count_step(tx, enrolment, "stop_word", message_id=message.id)
        end_enrolment(tx, enrolment, state="left", reason="stop_word", by=customer.as_actor())
    if stopped:
        notify(tx, customer, "customer.funnel_stopped", key=f"funnel_stopped:{message.id}")
    return bool(stopped)


def _take_answer(tx: Tx, running: list[Enrolment], message: Message) -> bool:
    """Takes the message as the answer to the last question, if it is one; returns whether it is."""
    for enrolment in sorted(running, key=lambda one: one.outbox_id or 0, reverse=True):
        definition = definition_of(tx, enrolment.version_id)
        step = definition.by_address.get(enrolment.position)
        if not isinstance(step, QuestionStep) or _is_for_a_person(tx, enrolment, step, message):
            continue
        profile, position = profiles.profile_of(tx, enrolment), _position_for_answer(tx, enrolment)
        turn = on_answer(definition, position, message.content.text, profile, tx.at)
        if turn is not None:
            count_step(tx, enrolment, "answer", message_id=message.id)
            carry_out(tx, replace(enrolment, kept_press=None), turn, profile)
            return True
    return False


def _ask_for_words(tx: Tx, running: list[Enrolment], message: Message) -> None:
    """Informs the customer, once per question, that a voice message, a picture or a sticker is no answer."""
    for enrolment in sorted(running, key=lambda one: one.outbox_id or 0, reverse=True):
        step = definition_of(tx, enrolment.version_id).by_address.get(enrolment.position)
        if not isinstance(step, QuestionStep) or patience_of(tx, enrolment) is None:
            continue
        if _has_person_written(tx, enrolment, _message_id_of(tx, enrolment)):
            continue
        key = f"answer_in_words:{enrolment.id}:{enrolment.visit}"
        sentence = "customer.answer_by_button" if step.message.buttons else "customer.answer_in_words"
        answer_message(
            tx, customers.load(tx, message.customer_id), sentence, key=key, content=message.content
        )
        return


def _is_for_a_person(tx: Tx, enrolment: Enrolment, step: QuestionStep, message: Message) -> bool:
    """Whether the message is for a person: a reply to a manager's message, or any words to a free question after a
    manager has written. A Telegram reply to the question is always for the funnel.
    """
    replied = messages.by_id(tx, message.reply_to_id) if message.reply_to_id is not None else None
    if replied is not None and replied.author_kind == "manager":
        return True
    if step.message.buttons or enrolment.sent_at is None:
        return False
    asked = _message_id_of(tx, enrolment)
    return message.reply_to_id != asked and _has_person_written(tx, enrolment, asked)


def _has_person_written(tx: Tx, enrolment: Enrolment, asked: int | None) -> bool:
    """Whether a manager has written since the enrolment sent the message with that id."""
    if asked is None or enrolment.sent_at is None:
        return False
    return messages.has_person_written(tx, enrolment.customer_id, after=asked, since=enrolment.sent_at)


def _message_id_of(tx: Tx, enrolment: Enrolment) -> int | None:
    """The id of the enrolment's last message."""
    parts = outbound.parts_of(tx, enrolment.outbox_id) if enrolment.outbox_id is not None else []
    return int(parts[0]["message_id"]) if parts else None


def _position_for_answer(tx: Tx, enrolment: Enrolment) -> FunnelPosition:
    """The position, where the question counts as sent: an answer may arrive before Telegram confirms the question."""
    if enrolment.phase == "saying" and enrolment.outbox_id is not None:
        parts = outbound.parts_of(tx, enrolment.outbox_id)
        if parts and parts[-1]["status"] in ("sending", "sent"):
            return FunnelPosition(enrolment.position, "waiting")
    return enrolment.stands_at
