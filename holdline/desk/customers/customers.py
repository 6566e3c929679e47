"""Customers start the bot, choose a language, stop marketing, block the bot and come back."""

from dataclasses import replace
from typing import Any

from holdline.desk.customers.buttons import (
    KEEP_OFFERS,
    STOP_OFFERS,
    WITH_CURRENT_EXTRAS,
    Button,
    language_button,
    update_pressed_message,
)
from holdline.desk.customers.offer_buttons import AFTER_STOP
from holdline.desk.delivery.undelivered import offer_resend
from holdline.desk.funnels.entries import enrol_by_start
from holdline.desk.marketing.consent import set_marketing_wanted
from holdline.desk.notices import views
from holdline.desk.record import record
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.marketing.consent import ConsentBy
from holdline.dialogs.message import Content, Message
from holdline.dialogs.outbox.messages import CustomerNotice, StandardText
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.verbs import CustomerVerb, button_data
from holdline.store.conversation import messages
from holdline.store.delivery import outbox, telegram_messages
from holdline.store.dialogs import history
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import LANGUAGE_NAMES, say


def get_or_create_customer(tx: Tx, *, sender: MessageSender) -> Customer:
    """The customer who writes or presses, with their chat locked: created, or known and reachable again. Stores what
    Telegram reports about them; a known customer is returned as they were before.
    """
    known = customers.load_locked(tx, sender.telegram_id)
    if known is None:
        return _insert_customer(tx, sender)
    customers.refresh(tx, known.id, replace(sender, language=sender.language or known.language))
    if known.reach != "ok":
        customers.set_reach(tx, known.id, "ok")
        offer_resend(tx, known)
        views.refresh_reach_on_cards(tx, known.id)
    return known


def _insert_customer(tx: Tx, sender: MessageSender) -> Customer:
    customers.insert_if_absent(tx, replace(sender, language=sender.language or tx.rules.language))
    customer = customers.load_locked(tx, sender.telegram_id)
    assert customer is not None
    return customer


def language_of(tx: Tx, sender: MessageSender) -> str:
    """The language that the customer chose, otherwise that of their app, otherwise the desk's."""
    customer = customers.by_telegram_id(tx, sender.telegram_id)
    return customer.language if customer else sender.language or tx.rules.language


def greet_customer(tx: Tx, *, sender: MessageSender, payload: str, content: Content) -> Customer:
    """Handles /start: greets the customer, who is reachable again, and records the payload, which says where they came
    from.
    """
    customer = get_or_create_customer(tx, sender=sender)
    customers.set_fields(tx, customer.id, started_at=tx.at)
    record(
        tx,
        [
            Event(
                EventKind.CUSTOMER_STARTED,
                customer.as_actor(),
                customer.id,
                data={"payload": payload[:64]},
            )
        ],
    )
    send_standard_message(tx, customer, "greeting", key=f"greeting:{customer.id}:{content.tg_message_id}")
    _enter_by_start(tx, customer, payload, key=f"entry:{customer.id}:{content.tg_message_id}")
    return customer


def _enter_by_start(tx: Tx, customer: Customer, payload: str, *, key: str) -> None:
    """Enrols the customer by the payload, and answers at once if the funnel says nothing yet."""
    answer = enrol_by_start(tx, customer.id, payload)
    if answer is not None:
        notify(tx, customer, answer.key, key=key, words=dict(answer.words))


def send_help(tx: Tx, *, sender: MessageSender, content: Content) -> None:
    """Handles /help: what this chat is for, with the button that says the question is solved."""
    customer = get_or_create_customer(tx, sender=sender)
    key = f"help:{customer.id}:{content.tg_message_id}"
    notify(tx, customer, "standard.help", key=key, offered="help")


def offer_languages(tx: Tx, *, sender: MessageSender, content: Content, wants_another: bool = False) -> None:
    """Handles /language: three buttons, each in its own language. `wants_another`: the customer named a language that
    we do not speak.
    """
    customer = get_or_create_customer(tx, sender=sender)
    buttons = [[language_button(code)] for code in LANGUAGE_NAMES]
    key = f"language:{customer.id}:{content.tg_message_id}"
    question = "customer.language_unknown" if wants_another else "customer.choose_language"
    notify(tx, customer, question, key=key, buttons=buttons)


def set_customer_language(
    tx: Tx, *, sender: MessageSender, language: str, tg_message_id: int | None = None
) -> None:
    """Sets the language; a later report of the app's language does not change it. `tg_message_id`: the question that is
    answered.
    """
    customer = get_or_create_customer(tx, sender=sender)
    customers.set_fields(tx, customer.id, language=language, language_chosen=1)
    key = f"language_chosen:{customer.id}:{tx.at.timestamp()}"
    notify(tx, customer, "standard.language_chosen", key=key)
    chosen = language_button(language)
    update_pressed_message(tx, customer, tg_message_id, ["customer.choose_language"], chosen=chosen)


def stop_marketing(tx: Tx, *, sender: MessageSender, content: Content, how: str = "stop") -> None:
    """Handles /stop: takes effect at once, also on held and queued messages; people may still write."""
    customer = get_or_create_customer(tx, sender=sender)
    by = ConsentBy(customer.as_actor(), how, content.text)
    set_marketing_wanted(tx, customer, wanted=False, by=by)
    buttons = [[{"key": "customer.offers_again", "data": button_data(CustomerVerb.RESUME_OFFERS)}]]
    key = f"stop:{customer.id}:{content.tg_message_id}"
    notify(tx, customer, "standard.marketing_stopped", key=key, buttons=buttons, offered=AFTER_STOP)


def answer_stop_question(
    tx: Tx, *, sender: MessageSender, stops: bool, tg_message_id: int | None
) -> bool | None:
    """Answers the question after `/stop` with words; returns whether offers go on, or None for somebody the bot does
    not know. A customer who has stopped offers meanwhile stays stopped, whichever button they press.
    """
    customer = customers.load_locked(tx, sender.telegram_id)
    if customer is None:
        return None
    stops = stops or customer.opted_out_at is not None
    if stops:
        caption = say("customer.stop_offers_button", customer.language)
        content = Content(text=caption, tg_message_id=tg_message_id)
        stop_marketing(tx, sender=sender, content=content, how="button")
    chosen = STOP_OFFERS if stops else KEEP_OFFERS
    update_pressed_message(tx, customer, tg_message_id, ["customer.stop_asked"], chosen=chosen)
    return not stops


def resume_marketing(
    tx: Tx, *, telegram_id: int, tg_message_id: int | None = None, under: str | None = None
) -> bool:
    """Undoes /stop; returns False for somebody the bot does not know. `under`: the greeting or the help."""
    customer = customers.load_locked(tx, telegram_id)
    if customer is None:
        return False
    caption = "offers_wanted_button" if under else "offers_again"
    words = say(f"customer.{caption}", customer.language)
    set_marketing_wanted(tx, customer, wanted=True, by=ConsentBy(customer.as_actor(), "button", words))
    if under == "greeting":  # their start link takes effect now, if they took no offers then
        payload = history.newest_payload(tx, customer.id)
        _enter_by_start(tx, customer, payload, key=f"entry:{customer.id}:{tx.at.timestamp()}")
    offered = under if under in WITH_CURRENT_EXTRAS else None
    above = [f"standard.{offered}"] if offered else []
    update_pressed_message(tx, customer, tg_message_id, [*above, "customer.offers_back"], offered=offered)
    return True


def record_block(tx: Tx, *, sender: MessageSender, blocked: bool) -> None:
    """Records a block, which ends waiting marketing, or an unblock, which makes the customer reachable again."""
    if not blocked:
        customer = get_or_create_customer(tx, sender=sender)
        record(tx, [Event(EventKind.BOT_UNBLOCKED, customer.as_actor(), customer.id)])
        return
    customer = customers.load_locked(tx, sender.telegram_id) or _insert_customer(tx, sender)
    customers.set_reach(tx, customer.id, "blocked")
    record(tx, [Event(EventKind.BOT_BLOCKED, customer.as_actor(), customer.id)])


def send_standard_message(
    tx: Tx, customer: Customer, name: str, *, key: str, dialog_id: int | None = None, **words: Any
) -> None:
    """Sends one of the texts that the desk may edit, in the customer's language, recorded like every other message."""
    _say(tx, customer, StandardText(name, words), key=key, dialog_id=dialog_id)


def notify(
    tx: Tx,
    customer: Customer,
    text_key: str,
    *,
    key: str,
    words: dict[str, Any] | None = None,
    buttons: list[list[Button]] | None = None,
    offered: str | None = None,
) -> None:
    """Sends one of our own sentences to the customer. `offered`: the greeting or the help, with the buttons that apply
    now.
    """
    _say(tx, customer, CustomerNotice(text_key, words or {}, buttons or [], offered), key=key)


def answer_message(tx: Tx, customer: Customer, text_key: str, *, key: str, content: Content) -> None:
    """Sends a sentence of the bot as a reply to the message that it is about."""
    _say(tx, customer, CustomerNotice(text_key, reply_to_tg_id=content.tg_message_id), key=key)


def _say(
    tx: Tx,
    customer: Customer,
    item: StandardText | CustomerNotice,
    *,
    key: str,
    dialog_id: int | None = None,
) -> None:
    outbox.add(
        tx,
        [
            Outgoing(
                to=customer.address,
                item=item,
                key=key,
                customer_id=customer.id,
                dialog_id=dialog_id,
            )
        ],
    )


def store_original(tx: Tx, customer: Customer, content: Content, fields: dict[str, Any]) -> Message | None:
    """Stores a customer's message; returns None if that Telegram message is already stored."""
    if content.tg_message_id is not None and telegram_messages.find(
        tx, customer.address.chat_id, content.tg_message_id
    ):
        return None
    reply_to = (
        telegram_messages.resolve_target(tx, customer.address.chat_id, content.reply_to_tg_id)
        if content.reply_to_tg_id
        else None
    )
    message = messages.insert(
        tx,
        {
            "customer_id": customer.id,
            "direction": "in",
            "class_": "customer",
            "author_kind": "customer",
            "reply_to_id": reply_to["message_id"] if reply_to else None,
            **fields,
        },
        content,
    )
    if content.tg_message_id is not None:
        telegram_messages.add(
            tx,
            customer.address.chat_id,
            content.tg_message_id,
            "original",
            audience=Audience.CUSTOMER,
            message_id=message.id,
            customer_id=customer.id,
            dialog_id=fields.get("dialog_id"),
        )
    return message
