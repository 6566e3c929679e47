"""🎁 What a customer told a manager about marketing: a no is recorded at once, a yes with how it was given."""

from holdline.desk.customers.offer_buttons import topic_row_caption
from holdline.desk.marketing.consent_by_manager import EVERYTHING, record_agreement, record_refusal
from holdline.dialogs.customer import Customer
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.screens.forms.form import Form, footer_rows
from holdline.screens.keyboards import ButtonRows
from holdline.screens.lists.customer_card import offer_lines
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.marketing import consents, topics
from holdline.store.tx import Tx
from holdline.texts import say

STEP, TYPED_STEP = "offers", "agreement"
_TOPICS = 10


def screen(tx: Tx, form: Form, manager: Manager, customer: Customer, *, head: str) -> Screen:
    language, footer = manager.language, footer_rows(form, manager, back=True)
    if form.step == TYPED_STEP:
        topic = topics.name_of(tx, form.values["topic"]) or say("profile.all_offers", language)
        return screen_with_title(head, say("profile.ask_agreement", language, what=topic), rows=footer)
    lines = [*offer_lines(tx, customer, language), say("profile.offers_hint", language)]
    return screen_with_title(head, *lines, rows=[*_rows(tx, form, customer, language), *footer])


def handle_press(tx: Tx, form: Form, manager: Manager, arg: str) -> None:
    """`arg`: `off-` or `on-`, and the id of the topic or 0."""
    wish, _, topic_id = arg.partition("-")
    if wish not in ("on", "off") or not topic_id.isdecimal():
        raise NotFound("button", arg)
    if wish == "on":
        form.values["topic"], form.step = int(topic_id), TYPED_STEP
        return
    customer_id = form.values["customer_id"]
    record_refusal(tx, manager=manager, customer_id=customer_id, topic_id=int(topic_id))


def handle_text(tx: Tx, form: Form, manager: Manager, text: str) -> None:
    """How the customer agreed."""
    about = {"customer_id": form.values["customer_id"], "topic_id": form.values["topic"]}
    record_agreement(tx, manager=manager, words=text, **about)


def _rows(tx: Tx, form: Form, customer: Customer, language: str) -> ButtonRows:
    is_off, rows = customer.opted_out_at is not None, ButtonRows()
    if not is_off:
        rows.append([form.button(say("profile.refused_button", language), "choose", f"off-{EVERYTHING}")])
    if is_off or not consents.has_given(tx, customer.id):
        rows.append([form.button(say("profile.agreed_button", language), "choose", f"on-{EVERYTHING}")])
    for row in topics.list_for_customer(tx, customer.id, limit=_TOPICS):
        caption = topic_row_caption(row["name"], wanted=row["wanted"])
        wish = "off" if row["wanted"] else "on"
        rows.append([form.button(caption, "choose", f"{wish}-{row['id']}")])
    return rows
