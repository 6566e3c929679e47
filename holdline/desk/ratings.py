"""The customer's rating of the desk: one tap, one number, one dialog."""

from holdline.desk import views
from holdline.desk.customers import notify, say_standard
from holdline.desk.people import by_customer
from holdline.desk.standard_messages import standard_message
from holdline.dialogs import rating
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer
from holdline.dialogs.event import Event
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import NotFound
from holdline.store import customers, dialogs, history, outbox, surveys
from holdline.store.tx import Row, Tx


def customer_rated(
    tx: Tx, *, telegram_id: int, token: str, value: int, tg_message_id: int | None = None
) -> str:
    """`counts`, `already` or `too_late`; NotFound for a form that is not this customer's."""
    customer = customers.locked(tx, telegram_id)
    survey = surveys.by_token(tx, token)
    if customer is None or survey is None or survey["customer_id"] != customer.id:
        raise NotFound("rating form")
    rating.valid(value, field="rating")
    verdict = rating.verdict(answered=survey["value"], sent_at=survey["sent_at"], at=tx.at)
    if verdict == "counts":
        surveys.answer(tx, survey["id"], value)
        dialogs.set_fields(tx, survey["dialog_id"], service_rating=value)
        data = {"value": value, "survey_id": survey["id"], "assignee_id": survey["assignee_id"]}
        actor = by_customer(customer)
        history.add(tx, [Event("rating_answered", actor, customer.id, survey["dialog_id"], data=data)])
        key = f"rating_thanks:{survey['id']}"
        say_standard(tx, customer, "rating_thanks", key=key, dialog_id=survey["dialog_id"])
        if value == rating.LOWEST and tg_message_id is None:
            notify(tx, customer, "customer.rated_bad", key=f"rated_bad:{survey['id']}")
        _tell(tx, survey["dialog_id"], value)
    if tg_message_id is not None:
        outbox.add(tx, [_closed_form(customer, tg_message_id, survey)])
    return verdict


def saved_choice(tx: Tx, *, token: str, language: str) -> str:
    """The caption of the button that counts, whatever was pressed after it."""
    survey = surveys.by_token(tx, token)
    if survey is None or survey["value"] is None:
        raise NotFound("rating form")
    _, captions = standard_message(tx, name="rating_request", language=language)
    return captions[rating.SCALE.index(survey["value"])]


def _tell(tx: Tx, dialog_id: int, value: int) -> None:
    dialog = dialogs.by_id(tx, dialog_id)
    views.dialog_changed(tx, dialog)
    words = {"id": dialog.id, "title": dialog.title, "value": value}
    views.tell_handlers(tx, dialog, "desk_notices.rated", words)


def _closed_form(customer: Customer, tg_message_id: int, survey: Row) -> Outgoing:
    """The form loses its buttons and says what was chosen, if anything was in time; so does one that came twice."""
    return Outgoing(
        chat_id=customer.telegram_id,
        kind="rating_form_edit",
        class_=MessageClass.SYSTEM,
        audience=Audience.CUSTOMER,
        key=f"rating_buttons:{survey['id']}:{tg_message_id}",
        payload={"tg_message_id": tg_message_id, "survey_id": survey["id"]},
        customer_id=customer.id,
        rank=2,
    )
