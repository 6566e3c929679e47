"""A customer's funnels: enrolments, entering and leaving."""

from holdline.desk.funnels.figures import enrolments_of, past_enrolments
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import moment_text
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.funnels.standing import place_words
from holdline.screens.keyboards import ButtonRows, callback_button, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.funnels import funnels
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say

_MOST_OFFERED = 20
_MOST_BEFORE = 5


def funnels_row(tx: Tx, manager: Manager, customer_id: int) -> ButtonRows:
    """The button on the customer's card; nothing if the desk has no funnel."""
    if not is_allowed(manager, Act.RUN_FUNNELS) or not funnels.page(tx, limit=1):
        return []
    caption = say("funnel_windows.of_customer", manager.language)
    return [[callback_button(caption, DeskVerb.SHOW_FUNNELS_OF, customer_id)]]


def customer_funnels_screen(tx: Tx, manager: Manager, *, customer_id: int) -> Screen:
    """Funnels the customer is in, with a button to leave; the others with a button to enter."""
    language, customer = manager.language, customers.load(tx, customer_id)
    running = enrolments_of(tx, customer_id=customer_id)
    here = {enrolment.funnel_id: enrolment for enrolment in running}
    lines, rows = [], []
    for funnel in funnels.page(tx):
        name = inline(ellipsize(funnel.name))
        if funnel.id in here:
            lines.append(f"▶️ {name} · {place_words(tx, manager, here[funnel.id], is_active=funnel.active)}")
            out = say("funnel_windows.take_out", language, name=name)
            rows.append([callback_button(out, DeskVerb.END_ENROLMENT, here[funnel.id].id)])
        elif funnel.active and len(rows) < _MOST_OFFERED:
            let_in = say("funnel_windows.let_in", language, name=name)
            rows.append([callback_button(let_in, DeskVerb.ENROL_CUSTOMER, customer_id, funnel.id)])
    head = say("funnel_windows.funnels_of", language, name=inline(ellipsize(customer.name)))
    now = lines or [say("funnel_windows.in_none", language)]
    return screen_with_title(head, *now, *_lines_before(tx, manager, customer_id), rows=rows)


def _lines_before(tx: Tx, manager: Manager, customer_id: int) -> list[str]:
    """The funnels that the customer has finished or left, the newest first: when, and by which goal."""
    ended = past_enrolments(tx, customer_id=customer_id, limit=_MOST_BEFORE)
    lines = [say("funnel_windows.before", manager.language)] if ended else []
    zone = time_zone_of(tx, manager)
    for one in ended:
        key = "goal" if one.enrolment.reason == "goal" else one.enrolment.state
        words = {"name": inline(ellipsize(one.name)), "at": moment_text(one.ended_at, zone)}
        goal = inline(ellipsize(one.enrolment.goal or ""))
        lines.append(say(f"funnel_windows.ended_{key}", manager.language, **words, goal=goal))
    return lines
