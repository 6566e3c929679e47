"""Presses of customers: the rating form, “my question is solved”, languages, subscriptions."""

from collections.abc import Callable
from typing import assert_never

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from holdline.bot.handlers.errors import refusal_toast
from holdline.bot.handlers.ui_response import EphemeralGateway
from holdline.bot.people import sender_from_user
from holdline.bot.work import Work
from holdline.desk.conversation.incoming import close_as_solved
from holdline.desk.customers import subscriptions
from holdline.desk.customers.buttons import update_pressed_message
from holdline.desk.customers.customers import (
    answer_stop_question,
    language_of,
    resume_marketing,
    set_customer_language,
)
from holdline.desk.customers.offer_buttons import IN_LIST, OFF, ONLY_OFF
from holdline.desk.customers.presses import is_outside_message, record_button_press
from holdline.desk.dialogs.ratings import caption_of_choice, record_rating
from holdline.desk.people.managers import manager_by_telegram_id
from holdline.desk.people.staff import change_manager
from holdline.desk.settings.standard_messages import standard_message
from holdline.desk.smart_replies.feedback import rate_answer
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import (
    ButtonData,
    CustomerVerb,
    DeskVerb,
    DialogVerb,
    parse_button_data,
    verb_of,
)
from holdline.store.engine import Store
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from holdline.texts import LANGUAGES, say

CustomerPressHandler = Callable[..., str]


def router() -> Router:
    """The router for customers' presses, before the managers' one."""
    built = Router(name="customers_presses")
    built.callback_query.register(on_outside_button, OnOutsideMessage())
    built.callback_query.register(on_customer_button, OnCustomerButton())
    return built


class OnCustomerButton(Filter):
    """A press of a button that is made for customers."""

    async def __call__(self, query: CallbackQuery) -> bool:
        return isinstance(verb_of(query.data or ""), CustomerVerb)


class OnOutsideMessage(Filter):
    """A press of a button under a message of an outside tool, whatever its data."""

    async def __call__(self, query: CallbackQuery, store: Store) -> bool:
        message = query.message
        if message is None or not query.data:
            return False
        where = {"chat_id": message.chat.id, "tg_message_id": message.message_id}
        presser = query.from_user.id
        return await store.read(is_outside_message, telegram_id=presser, data=query.data, **where)


async def on_outside_button(query: CallbackQuery, work: Work, gateway: EphemeralGateway) -> None:
    """Answers the press, so that the client stops waiting, and records it for the tool."""
    assert query.message is not None
    number = query.message.message_id
    said = await work.act(
        record_button_press, telegram_id=query.from_user.id, tg_message_id=number, data=query.data or ""
    )
    toast = {"text": truncate(said, TOAST_LIMIT)} if said else {}
    await gateway.send_ephemeral(Call("answerCallbackQuery", {"callback_query_id": query.id, **toast}))


async def on_customer_button(query: CallbackQuery, work: Work, gateway: EphemeralGateway) -> None:
    """Commits the action and the change of the message first. The answer to the press, which may be lost, follows."""
    person, number = sender_from_user(query.from_user), query.message.message_id if query.message else None
    try:
        text = await work.act(
            answer_customer_press, sender=person, data=query.data or "", tg_message_id=number
        )
    except DeskError as error:
        text = await work.act(answer_stale_press, sender=person, tg_message_id=number, error=error)
    await gateway.send_ephemeral(
        Call("answerCallbackQuery", {"callback_query_id": query.id, "text": truncate(text, TOAST_LIMIT)})
    )


def answer_customer_press(tx: Tx, *, sender: MessageSender, data: str, tg_message_id: int | None) -> str:
    """Handles a customer's press. A press never creates a customer. mypy reports a verb without a case."""
    button = _read(data)
    match button.verb:
        case CustomerVerb.RATE:
            handler: CustomerPressHandler = rate_service
        case CustomerVerb.MARK_SOLVED:
            handler = mark_solved
        case CustomerVerb.CHOOSE_LANGUAGE:
            handler = choose_language
        case CustomerVerb.DECIDE_ON_OFFERS:
            handler = decide_on_offers
        case CustomerVerb.RESUME_OFFERS:
            handler = resume_offers
        case CustomerVerb.RATE_ANSWER:
            handler = rate_automatic_answer
        case CustomerVerb.CHOOSE_OFFERS:
            handler = choose_offers
        case DialogVerb() | DeskVerb() as verb:
            raise NotFound("button", verb.value)
        case _ as verb:
            assert_never(verb)
    return handler(tx, sender=sender, button=button, tg_message_id=tg_message_id)


def _read(data: str) -> ButtonData:
    """Raises NotFound if the data is not from a button of ours. An impossible dialog id is answered like a closed
    dialog.
    """
    try:
        return parse_button_data(data)
    except NotFound:
        if verb_of(data) is not CustomerVerb.MARK_SOLVED:
            raise
        return ButtonData(CustomerVerb.MARK_SOLVED, (0,))


def rate_service(tx: Tx, *, sender: MessageSender, button: ButtonData, tg_message_id: int | None) -> str:
    """Answers whether the rating was saved, had been saved before, or was too late."""
    token, value, language = button.word(), button.number(1), language_of(tx, sender)
    verdict = record_rating(
        tx, telegram_id=sender.telegram_id, token=token, value=value, tg_message_id=tg_message_id
    )
    if verdict == "too_late":
        return standard_message(tx, name="rating_too_late", language=language)[0]
    key = "customer.rated" if verdict == "counts" else "customer.rated_already"
    return say(key, language, choice=caption_of_choice(tx, token=token, language=language))


def mark_solved(tx: Tx, *, sender: MessageSender, button: ButtonData, tg_message_id: int | None) -> str:
    """Marks the dialog as solved. Another customer's dialog is answered like a closed one."""
    answer = close_as_solved(tx, sender=sender, dialog_id=button.number(), tg_message_id=tg_message_id)
    return say(f"customer.{answer}", language_of(tx, sender))


def decide_on_offers(tx: Tx, *, sender: MessageSender, button: ButtonData, tg_message_id: int | None) -> str:
    """The question after `/stop` with further words. The words reach the desk in either case."""
    language, stops = language_of(tx, sender), button.word() == "stop"
    gets_offers = answer_stop_question(tx, sender=sender, stops=stops, tg_message_id=tg_message_id)
    if gets_offers is None:
        return say("customer.button_old", language)
    if gets_offers:
        return say("customer.offers_kept", language)
    return standard_message(tx, name="marketing_stopped", language=language)[0]


def rate_automatic_answer(
    tx: Tx, *, sender: MessageSender, button: ButtonData, tg_message_id: int | None
) -> str:
    """The customer says that the answer helped, or asks for a person. A late or repeated press gets the
    current state.
    """
    said = rate_answer(
        tx,
        telegram_id=sender.telegram_id,
        asked_message_id=button.number(1),
        feedback=button.word(),
        tg_message_id=tg_message_id,
    )
    key = "customer.button_old" if said == "button_old" else f"smart.said_{said}"
    return say(key, language_of(tx, sender))


def resume_offers(tx: Tx, *, sender: MessageSender, button: ButtonData, tg_message_id: int | None) -> str:
    """Undoes /stop. The button's data says whether it is under the greeting or the help."""
    under = button.word() if button.args else None
    kept = resume_marketing(tx, telegram_id=sender.telegram_id, tg_message_id=tg_message_id, under=under)
    return say("customer.offers_back" if kept else "customer.button_old", language_of(tx, sender))


_TOPIC_ANSWERS = {OFF: "topic_stopped", ONLY_OFF: "topic_only_stopped"}


def choose_offers(tx: Tx, *, sender: MessageSender, button: ButtonData, tg_message_id: int | None) -> str:
    """Switches one topic or all marketing on or off, under a marketing message or in /subscriptions."""
    change, topic_id, language = button.word(), button.number(1), language_of(tx, sender)
    topic = subscriptions.choose_offers(
        tx,
        telegram_id=sender.telegram_id,
        change=change,
        topic_id=topic_id,
        tg_message_id=tg_message_id,
        in_list=IN_LIST in button.args,
    )
    if topic is None:
        return say("customer.button_old", language)
    if topic:
        return say(f"customer.{_TOPIC_ANSWERS.get(change, 'topic_back')}", language, topic=topic)
    if change != OFF:
        return say("customer.offers_back", language)
    return standard_message(tx, name="marketing_stopped", language=language)[0]


def choose_language(tx: Tx, *, sender: MessageSender, button: ButtonData, tg_message_id: int | None) -> str:
    language = button.word()
    manager = manager_by_telegram_id(tx, telegram_id=sender.telegram_id)
    if manager is not None and language in LANGUAGES:
        change_manager(tx, acting=manager, manager_id=manager.id, changes={"language": language})
        return say("standard.language_chosen", language)
    if customers.by_telegram_id(tx, sender.telegram_id) is None:
        return say("customer.button_old", language_of(tx, sender))
    if language not in LANGUAGES:
        return say("customer.language_unknown", language_of(tx, sender))
    set_customer_language(tx, sender=sender, language=language, tg_message_id=tg_message_id)
    return standard_message(tx, name="language_chosen", language=language)[0]


def answer_stale_press(tx: Tx, *, sender: MessageSender, tg_message_id: int | None, error: DeskError) -> str:
    """Removes a button that has no effect any more."""
    customer = customers.load_locked(tx, sender.telegram_id)
    if customer is not None and isinstance(error, NotFound):
        update_pressed_message(tx, customer, tg_message_id, [])
    return refusal_toast(tx, sender=sender, error=error)
