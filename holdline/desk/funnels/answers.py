"""What customers say and press to a funnel, where no dialog is active: what they say to a person is never for it."""

from dataclasses import replace

from holdline.desk.customers.customers import answer_message, notify
from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.entries import enrol_by_button
from holdline.desk.funnels.leaving import end_enrolment
from holdline.desk.funnels.messages import number_pressed
from holdline.desk.funnels.moving import carry_out, count_step, patience_of
from holdline.dialogs.customer import Customer
from holdline.dialogs.event import Event
from holdline.dialogs.funnels.conditions import same_word
from holdline.dialogs.funnels.course import FunnelPosition, on_answer, on_press
from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.dialogs.funnels.steps import QuestionStep, SendStep
from holdline.dialogs.message import Content, Message
from holdline.store.conversation import messages
from holdline.store.delivery import outbound, telegram_messages
from holdline.store.dialogs import dialogs
from holdline.store.funnels import enrolment_steps, enrolments, profiles
from holdline.store.people import customers
from holdline.store.tx import Tx

FUNNEL_BUTTON = "funnel:"
"""Before the name of a funnel: a button of any marketing message that leads into it, where the funnel takes buttons."""


def take_words(tx: Tx, event: Event) -> None:
    """A stop word, else the answer to what was asked last. The Inbox shows them all the same."""
    message = event.message
    if event.dialog_id is not None or message is None:
        return
    running = enrolments.list_running(tx, event.customer_id)
    if not message.content.text.strip():
        _ask_for_words(tx, running, message)
    elif running and not _take_stop_word(tx, running, message):
        _take_answer(tx, running, message)


def take_press(tx: Tx, event: Event) -> None:
    """A button that leads into a funnel, or one that a funnel follows.

    The latter, pressed while a dialog is active, is kept and counts when the gate opens.
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
    """The gate is open: what was pressed meanwhile counts now, and whoever was asked has time for an answer again."""
    if dialogs.active_id(tx, event.customer_id) is not None:
        return
    for enrolment in enrolments.list_running(tx, event.customer_id):
        if enrolment.kept_press is not None:
            enrolments.save(tx, replace(enrolment, next_at=tx.at))
        elif (patience := patience_of(tx, enrolment)) is not None:
            enrolments.save(tx, replace(enrolment, next_at=tx.at + patience))


def is_meant_for_funnel(tx: Tx, customer: Customer, content: Content) -> bool:
    """Words that nobody would say to a person: a choice of a question, a reply to it, a stop word."""
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


def _is_reply_to(tx: Tx, enrolment: Enrolment, customer: Customer, content: Content) -> bool:
    """Whether the words reply to the message of that enrolment, as Telegram tells it."""
    answered = telegram_messages.find(tx, customer.address.chat_id, content.reply_to_tg_id or 0)
    asked = _message_id_of(tx, enrolment)
    return answered is not None and asked is not None and answered["message_id"] == asked


def is_answer(tx: Tx, message_id: int) -> bool:
    """Whether a funnel took that message of the customer, as an answer or as a stop word."""
    return enrolment_steps.of_words(tx, message_id) is not None


def _take_stop_word(tx: Tx, running: list[Enrolment], message: Message) -> bool:
    """Whoever asks for silence hears that it was heard."""
    text = message.content.text
    stopped = [one for one in running if definition_of(tx, one.version_id).is_stop_word(text)]
    for enrolment in stopped:
        count_step(tx, enrolment, "stop_word", message_id=message.id)
        end_enrolment(tx, enrolment, state="left", reason="stop_word")
    if stopped:
        customer = customers.load(tx, message.customer_id)
        notify(tx, customer, "customer.funnel_stopped", key=f"funnel_stopped:{message.id}")
    return bool(stopped)


def _take_answer(tx: Tx, running: list[Enrolment], message: Message) -> None:
    """The question that was asked last has its answer, where the words are one."""
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
            return


def _ask_for_words(tx: Tx, running: list[Enrolment], message: Message) -> None:
    """A voice, a picture, a sticker is no answer: whoever was asked something hears it, once a question."""
    for enrolment in sorted(running, key=lambda one: one.outbox_id or 0, reverse=True):
        step = definition_of(tx, enrolment.version_id).by_address.get(enrolment.position)
        if not isinstance(step, QuestionStep) or patience_of(tx, enrolment) is None:
            continue
        if _has_person_spoken(tx, enrolment, _message_id_of(tx, enrolment)):
            continue
        key = f"answer_in_words:{enrolment.id}:{enrolment.visit}"
        sentence = "customer.answer_by_button" if step.message.buttons else "customer.answer_in_words"
        answer_message(
            tx, customers.load(tx, message.customer_id), sentence, key=key, content=message.content
        )
        return


def _is_for_a_person(tx: Tx, enrolment: Enrolment, step: QuestionStep, message: Message) -> bool:
    """Any words answer a free question, so they are taken for it only while nobody of the desk has spoken since.

    A Telegram reply to the question is always for it.
    """
    if step.message.buttons or enrolment.sent_at is None:
        return False
    asked = _message_id_of(tx, enrolment)
    return message.reply_to_id != asked and _has_person_spoken(tx, enrolment, asked)


def _has_person_spoken(tx: Tx, enrolment: Enrolment, asked: int | None) -> bool:
    """Since the message of that id was sent by the enrolment."""
    if asked is None or enrolment.sent_at is None:
        return False
    return messages.has_person_written(tx, enrolment.customer_id, after=asked, since=enrolment.sent_at)


def _message_id_of(tx: Tx, enrolment: Enrolment) -> int | None:
    """Of what it says, or said last."""
    parts = outbound.parts_of(tx, enrolment.outbox_id) if enrolment.outbox_id is not None else []
    return int(parts[0]["message_id"]) if parts else None


def _position_for_answer(tx: Tx, enrolment: Enrolment) -> FunnelPosition:
    """An answer may be quicker than Telegram's word that the question was sent."""
    if enrolment.phase == "saying" and enrolment.outbox_id is not None:
        parts = outbound.parts_of(tx, enrolment.outbox_id)
        if parts and parts[-1]["status"] in ("sending", "sent"):
            return FunnelPosition(enrolment.position, "waiting")
    return enrolment.stands_at
