"""🔇 Mute: first for how long, then why. The customer's messages outside dialogs are kept and shown to nobody."""

from datetime import datetime

from holdline.desk.customers.muting import mute_customer
from holdline.desk.dialogs.opening import refuse_if_active
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.decisions.muting import REASON_LIMIT, valid_reason
from holdline.dialogs.decisions.postponing import Shift, postpone
from holdline.dialogs.decisions.typed_time import read_shift
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import moment_text, to_rfc3339
from holdline.screens.forms import resend
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.forms.timing.postpone_form import PRESETS
from holdline.screens.keyboards import arrange_in_rows
from holdline.screens.lists.customer_card import mute_text
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "mute"
_WHY = "why"


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, customer_id: int) -> Form:
    """Refused at once if the customer has an active dialog."""
    require_allowed(manager, Act.MUTE_CUSTOMER)
    refuse_if_active(tx, customer_id)
    form = open_form(tx, manager, FormKind(KIND), spot=spot, values={"customer_id": customer_id})
    form.awaits = True
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    head = say("mute.head", language, name=resend.customer_name(tx, form.values["customer_id"]))
    if form.step == _WHY:
        lines = [_until_text(tx, form, manager), say("mute.why", language, limit=REASON_LIMIT)]
        return screen_with_title(head, *lines, rows=footer_rows(form, manager, back=True))
    presets = [form.button(say(f"time.preset_{name}", language), "for", name) for name in PRESETS]
    forever = [form.button(say("mute.until_unmuted", language), "for", "ever")]
    rows = [*arrange_in_rows(presets, 3), forever, *footer_rows(form, manager)]
    return screen_with_title(head, say("mute.what", language), say("mute.how_long", language), rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if action == "cancel":
        return cancel_form(form, manager)
    if action == "back":
        form.step = "main"
    elif action == "for" and (arg in PRESETS or arg == "ever"):
        _propose(tx, form, manager, PRESETS.get(arg))
    else:
        raise NotFound("button", action)
    form.awaits = True
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """The duration or the reason. The reason completes the mute."""
    if form.step != _WHY:
        _propose(tx, form, manager, read_shift(content.text, at=tx.at, zone=time_zone_of(tx, manager)))
        return screen(tx, form, manager)
    until = form.values["until"]
    customer = mute_customer(
        tx,
        manager=manager,
        customer_id=form.values["customer_id"],
        reason=valid_reason(content.text),
        shift=Shift(until=datetime.fromisoformat(until)) if until else None,
    )
    form.awaits = False
    name = inline(customer.name)
    state = mute_text(tx, manager, customer.mute) if customer.mute else ""
    return end_form(form, f"{say('mute.done', manager.language, name=name)}\n{state}")


def _propose(tx: Tx, form: Form, manager: Manager, shift: Shift | None) -> None:
    """Computes the end once, so that exactly the shown time is stored."""
    until = postpone(None, shift, at=tx.at, zone=time_zone_of(tx, manager)) if shift else None
    form.values["until"] = to_rfc3339(until) if until else None
    form.step = _WHY


def _until_text(tx: Tx, form: Form, manager: Manager) -> str:
    until = form.values["until"]
    if not until:
        return say("mute.until_unmuted", manager.language)
    at = moment_text(datetime.fromisoformat(until), time_zone_of(tx, manager))
    return say("mute.until", manager.language, at=at)
