"""📋 What is stored about a customer: tags, time zone, fields, marketing choices, and each consent or refusal."""

from typing import Any

from holdline.desk.customers.changes import change_customer
from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.reading.consents import consents_of
from holdline.dialogs.customer import Customer
from holdline.dialogs.manager import Manager
from holdline.dialogs.marketing.customer_values import read_typed_tags, read_typed_value
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act, is_allowed, require_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import minute_text
from holdline.screens.forms.form import Form, FormKind, FormPosition, end_form, footer_rows, open_form
from holdline.screens.keyboards import ButtonRows, arrange_in_rows, ellipsize
from holdline.screens.lists.customer_card import offer_lines
from holdline.screens.marketing import consent_step
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import has_text, say

KIND = "profile"
_STEPS = ("tags", "zone", "value")
_CLEAR = "-"
_CONSENTS = 8
_WORDS = 40


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, customer_id: int) -> Form:
    """Every manager may look. Buttons to change something are shown if the manager may use them."""
    customers.load(tx, customer_id)
    return open_form(tx, manager, FormKind(KIND), spot=spot, values={"customer_id": customer_id})


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, customer = manager.language, customers.load(tx, form.values["customer_id"])
    head = say("profile.head", language, name=inline(ellipsize(customer.name)))
    if form.step in (consent_step.STEP, consent_step.TYPED_STEP):
        return consent_step.screen(tx, form, manager, customer, head=head)
    if form.step in _STEPS:
        ask = say(f"profile.ask_{form.step}", language, zone=tx.rules.time_zone)
        now = _current_lines(tx, customer, form.step, language)
        return screen_with_title(head, *now, ask, rows=footer_rows(form, manager, back=True))
    lines = [*_profile_lines(tx, customer, language), *_consent_lines(tx, customer, manager)]
    return screen_with_title(head, *lines, rows=_rows(form, manager))


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if action == "cancel":
        return end_form(form, say("windows.done", manager.language))
    if action == "back":
        form.step = consent_step.STEP if form.step == consent_step.TYPED_STEP else "main"
    elif action == "change" and arg == consent_step.STEP:
        require_allowed(manager, Act.RECORD_CONSENT)
        form.step = arg
    elif action == "choose" and form.step == consent_step.STEP:
        consent_step.handle_press(tx, form, manager, arg)
    elif action == "change" and arg in _STEPS:
        require_allowed(manager, Act.CHANGE_CUSTOMER)
        form.step = arg
    else:
        raise NotFound("button", action)
    form.awaits = form.step in (*_STEPS, consent_step.TYPED_STEP)
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """The value that was asked for. A dash clears it."""
    if form.step == consent_step.TYPED_STEP:
        consent_step.handle_text(tx, form, manager, content.text)
        form.step, form.awaits = "main", False
        return screen(tx, form, manager)
    require_allowed(manager, Act.CHANGE_CUSTOMER)
    text = content.text.strip()
    changes: dict[str, Any]
    if form.step == "tags":
        changes = {"tags": [] if text == _CLEAR else read_typed_tags(text)}
    elif form.step == "zone":
        changes = {"timezone": None if text == _CLEAR else text}
    else:
        changes = {"fields": read_typed_value(text)}
    customer_id = form.values["customer_id"]
    change_customer(tx, actor=manager.as_actor(), customer_id=customer_id, changes=changes, how="card")
    form.step, form.awaits = "main", False
    return screen(tx, form, manager)


def _profile_lines(tx: Tx, customer: Customer, language: str) -> list[str]:
    """Only what is stored. If nothing is, one line says so."""
    tags = customers.tags(tx, customer.id)
    lines = [say("profile.tags", language, tags=inline(", ".join(tags)))] if tags else []
    if customer.time_zone:
        lines.append(say("profile.zone", language, zone=customer.time_zone))
    lines += [f"• {inline(name)}: {_plain(value)}" for name, value in customer.fields.items()]
    lines += offer_lines(tx, customer, language)
    return lines or [say("profile.nothing", language)]


def _consent_lines(tx: Tx, customer: Customer, manager: Manager) -> list[str]:
    """Newest first."""
    language, zone = manager.language, time_zone_of(tx, manager)
    found = consents_of(tx, customer_id=customer.id, order="newest", limit=_CONSENTS)
    if not found:
        return ["", say("profile.no_consents", language)]
    lines = ["", say("profile.consents", language, zone=zone)]
    for line in found:
        what = line["topic"] or say("profile.all_offers", language)
        how = (
            say(f"profile.how_{line['how']}", language)
            if has_text(f"profile.how_{line['how']}")
            else line["how"]
        )
        quoted = inline(ellipsize(line["words"], _WORDS)) if line["words"] else ""
        words = f" {say('delivery.what_words', language, quoted=quoted)}" if quoted else ""
        by = f" · {inline(line['actor']['name'])}" if line["actor"]["kind"] != "customer" else ""
        sign = "✅" if line["given"] else "🔕"
        lines.append(f"{sign} {minute_text(line['at'], zone)} · {inline(what)} · {how}{words}{by}")
    return lines


def _current_lines(tx: Tx, customer: Customer, step: str, language: str) -> list[str]:
    if step == "tags":
        tags = customers.tags(tx, customer.id)
        return [say("profile.tags", language, tags=inline(", ".join(tags)))] if tags else []
    if step == "zone":
        return [say("profile.zone", language, zone=customer.time_zone)] if customer.time_zone else []
    return [f"• {inline(name)}: {_plain(value)}" for name, value in customer.fields.items()]


def _rows(form: Form, manager: Manager) -> ButtonRows:
    language = manager.language
    ways = [form.button(say(f"profile.{step}_button", language), "change", step) for step in _STEPS]
    end = [form.button(say("windows.done", language), "cancel")]
    rows = arrange_in_rows(ways) if is_allowed(manager, Act.CHANGE_CUSTOMER) else []
    if is_allowed(manager, Act.RECORD_CONSENT):
        rows.append([form.button(say("profile.offers_button", language), "change", consent_step.STEP)])
    return [*rows, end]


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "✔" if value else "✘"
    return inline(ellipsize(str(value)))
