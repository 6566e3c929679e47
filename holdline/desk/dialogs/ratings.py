"""The customer's rating of the desk: one tap, one number, for one dialog."""

import secrets

from holdline.desk.customers.customers import notify, send_standard_message
from holdline.desk.notices import views
from holdline.desk.record import record
from holdline.desk.settings.standard_messages import standard_message
from holdline.dialogs.customer import Customer
from holdline.dialogs.decisions import ratings as rules
from holdline.dialogs.event import Event
from holdline.dialogs.outbox.changes import RatingFormEdit
from holdline.dialogs.outbox.messages import RatingForm
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rating import SCALE
from holdline.dialogs.refusal import NotFound
from holdline.store.delivery import outbox
from holdline.store.dialogs import dialogs, ratings
from holdline.store.people import customers
from holdline.store.tx import Row, Tx


def record_rating(
    tx: Tx, *, telegram_id: int, token: str, value: int, tg_message_id: int | None = None
) -> str:
    """Records the rating; returns `counts`, `already` or `too_late`. Raises NotFound for a form that is not this
    customer's.
    """
    customer = customers.load_locked(tx, telegram_id)
    rating = ratings.by_token(tx, token)
    if customer is None or rating is None:
        raise NotFound("rating form")
    answer = rules.answer(_offer(rating), value, by=customer, at=tx.at)
    if answer.event is not None:
        ratings.answer(tx, rating["id"], value)
        dialogs.set_fields(tx, rating["dialog_id"], service_rating=value)
        key = f"rating_thanks:{rating['id']}"
        send_standard_message(tx, customer, "rating_thanks", key=key, dialog_id=rating["dialog_id"])
        if _asks_why(tx, value) and tg_message_id is None:
            notify(tx, customer, "customer.rated_bad", key=f"rated_bad:{rating['id']}")
        record(tx, [answer.event])
    if tg_message_id is not None:
        outbox.add(tx, [_form_edit(customer, tg_message_id, rating)])
    return answer.verdict


def _asks_why(tx: Tx, value: int) -> bool:
    return tx.rules.ask_after_bad_rating and rules.is_bad(value)


def offer_rating(tx: Tx, event: Event) -> None:
    """Sends the rating form if the close asks for it. The people who are rated are stored now; the form is sent before
    all held messages.
    """
    if not event.data["rating_form"]:
        return
    customer, dialog = customers.of_event(tx, event), dialogs.of_event(tx, event)
    rated = rules.people_to_rate(dialog)
    rating_id = ratings.offer(
        tx,
        token=secrets.token_urlsafe(12),
        dialog_id=dialog.id,
        customer_id=customer.id,
        assignee_id=rated.assignee_id,
        people=list(rated.participant_ids),
    )
    form = Outgoing(
        to=customer.address,
        item=RatingForm(rating_id),
        key=f"rating_form:{dialog.id}",
        customer_id=customer.id,
        dialog_id=dialog.id,
    )
    outbox.add(tx, [form])


def notify_of_rating(tx: Tx, event: Event) -> None:
    """Notifies those who handled the dialog, each in their own chat. If the customer was asked what went wrong, also
    notifies their active dialog, because the answer comes there.
    """
    dialog = dialogs.of_event(tx, event)
    words = {"id": dialog.id, "title": dialog.title, "value": event.data["value"]}
    views.notify_handlers(tx, dialog, "desk_notices.rated", words)
    active = dialogs.active_of(tx, dialog.customer_id) if _asks_why(tx, event.data["value"]) else None
    if active is not None:
        views.notify_dialog(tx, active, "desk_notices.asked_what_went_wrong", words)


def caption_of_choice(tx: Tx, *, token: str, language: str) -> str:
    """The caption of the button that counts, whichever was pressed later."""
    rating = ratings.by_token(tx, token)
    if rating is None or rating["value"] is None:
        raise NotFound("rating form")
    _, captions = standard_message(tx, name="rating_request", language=language)
    return captions[SCALE.index(rating["value"])]


def _form_edit(customer: Customer, tg_message_id: int, rating: Row) -> Outgoing:
    """Removes the form's buttons and shows what was chosen, if that was in time; also for a form that was delivered
    twice.
    """
    return Outgoing(
        to=customer.address,
        item=RatingFormEdit(tg_message_id, rating["id"]),
        key=f"rating_buttons:{rating['id']}:{tg_message_id}",
        customer_id=customer.id,
    )


def _offer(rating: Row) -> rules.RatingOffer:
    return rules.RatingOffer(
        id=rating["id"],
        customer_id=rating["customer_id"],
        dialog_id=rating["dialog_id"],
        assignee_id=rating["assignee_id"],
        value=rating["value"],
        sent_at=rating["sent_at"],
    )
