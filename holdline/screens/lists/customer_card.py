"""The card of a customer above the list of their dialogs, with buttons to open or resume one (W-02)."""

from holdline.desk.funnels.figures import names_of_running
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.customer import Customer, Mute
from holdline.dialogs.gate import MARKETING, Gate
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.dialogs.verbs import DeskVerb, DialogVerb
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.funnels.of_customer import funnels_row
from holdline.screens.keyboards import ButtonRows, arrange_in_rows, callback_button, ellipsize
from holdline.screens.render.cards import mute_line
from holdline.store.conversation import messages
from holdline.store.delivery import waiting_marketing
from holdline.store.dialogs import dialogs
from holdline.store.marketing import topics
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.texts import say

_PAUSED = 3
_LATELY = 3
_AMONG = 12
_WORDS = 100
_NAME = 24


def customer_lines(tx: Tx, manager: Manager, customer_id: int) -> list[str]:
    """“@anna · id 510000001”, whether the customer is muted, and the latest messages outside dialogs."""
    customer = customers.load(tx, customer_id)
    username = f"@{customer.username} · " if customer.username else ""
    muted = [mute_text(tx, manager, customer.mute)] if customer.mute else []
    waiting = [say("cards.held", manager.language, count=held)] if (held := _count_held(tx, customer)) else []
    details = [*muted, *waiting, *offer_lines(tx, customer, manager.language)]
    return [f"{username}id {customer.telegram_id}", *details, *_general_lines(tx, manager, customer)]


def _count_held(tx: Tx, customer: Customer) -> int:
    """How many marketing messages wait behind the customer's active dialog."""
    return waiting_marketing.count_held(tx, customer.id) if customer.gate is Gate.HELD else 0


def offer_lines(tx: Tx, customer: Customer, language: str) -> list[str]:
    """The funnels the customer is in, marketing that they opted out of, and messages postponed by quiet hours or the
    cap.
    """
    lines = [say("profile.no_offers", language)] if customer.opted_out_at is not None else []
    if running := names_of_running(tx, customer_id=customer.id):
        lines.append(say("profile.in_funnels", language, names=inline(", ".join(map(ellipsize, running)))))
    stopped = [topic for topic, wanted in topics.choices(tx, customer.id).items() if not wanted]
    if stopped:
        lines.append(say("profile.topics_off", language, topics=inline(", ".join(stopped))))
    for reason, count in waiting_marketing.count_put_off(tx, customer.id).items():
        lines.append(say(f"profile.waits_{reason}", language, count=count))
    return lines


def mute_text(tx: Tx, manager: Manager, mute: Mute) -> str:
    """“🔇 Muted until 2026-12-01 18:00 Europe/Warsaw: spam”."""
    return mute_line(mute, manager.language, zone=time_zone_of(tx, manager))


def _general_lines(tx: Tx, manager: Manager, customer: Customer) -> list[str]:
    """Messages of the general chat that no dialog took up, newest last, in the reader's time zone. Undelivered
    marketing is left out.
    """
    found = messages.page(tx, customer_id=customer.id, general_only=True, newest_first=True, limit=_AMONG)
    said = [row for row in found if row["moved_to_dialog_id"] is None and _is_said(row)][:_LATELY]
    if not said:
        return []
    zone, lines = time_zone_of(tx, manager), [say("lists.general", manager.language)]
    for row in reversed(said):
        who = customer.name if row["direction"] == "in" else row["manager_name"] or "🤖"
        words = inline(ellipsize(row["text"] or "📎", _WORDS))
        lines.append(
            f"    {in_zone(row['created_at'], zone):%d.%m %H:%M} {inline(ellipsize(who, _NAME))}: {words}"
        )
    return lines


def _is_said(row: Row) -> bool:
    return row["class"] not in MARKETING or row["status"] == "sent"


def customer_rows(tx: Tx, manager: Manager, customer_id: int) -> ButtonRows:
    """A link to the active dialog, or else buttons to resume or open one, as far as the manager may."""
    language = manager.language
    active = dialogs.active_id(tx, customer_id)
    muted = customers.load(tx, customer_id).mute is not None
    past = callback_button(say("past.button", language), DeskVerb.SHOW_OVERVIEW, customer_id)
    profile = callback_button(say("profile.button", language), DeskVerb.SHOW_PROFILE, customer_id)
    person = _personal_rows(manager, customer_id)
    mutes = is_allowed(manager, Act.MUTE_CUSTOMER)
    quiet = _unmute_rows(customer_id, language, muted=muted) if mutes else []
    if active is not None:
        go = dialog_link_button(tx, active, say("lists.go_on", language, id=active))
        in_funnels = funnels_row(tx, manager, customer_id)
        return [
            [go],
            *_queue_rows(tx, customer_id, active, language),
            [past],
            [profile],
            *in_funnels,
            *quiet,
            *person,
        ]
    ways = []
    if is_allowed(manager, Act.OPEN_DIALOG):
        new = say("manager.new_dialog", language)
        ways.append(callback_button(new, DeskVerb.OPEN_FOR_CUSTOMER, customer_id))
    if is_allowed(manager, Act.REPLY):
        answer = say("cards.button_answer", language)
        ways.append(callback_button(answer, DeskVerb.ANSWER_CUSTOMER, customer_id))
    paused = dialogs.list_paused(tx, customer_id, limit=_PAUSED)
    on = [
        callback_button(say("lists.go_on", language, id=dialog.id), DialogVerb.RESUME, dialog.id)
        for dialog in (paused if is_allowed(manager, Act.MOVE_DIALOG) else [])
    ]
    if mutes and not muted:
        quiet = [[callback_button(say("mute.button", language), DeskVerb.MUTE_CUSTOMER, customer_id)]]
    in_funnels = funnels_row(tx, manager, customer_id)
    return [*arrange_in_rows(on), *arrange_in_rows(ways), [past], [profile], *in_funnels, *quiet, *person]


def _queue_rows(tx: Tx, customer_id: int, dialog_id: int, language: str) -> ButtonRows:
    """📥 3 held, if there are any."""
    held = waiting_marketing.count_held(tx, customer_id)
    words = say("cards.held", language, count=held)
    return [[callback_button(words, DialogVerb.SHOW_GATE_QUEUE, dialog_id)]] if held else []


def _unmute_rows(customer_id: int, language: str, *, muted: bool) -> ButtonRows:
    """Empty if the customer is not muted."""
    unmute = callback_button(say("mute.unmute_button", language), DeskVerb.UNMUTE_CUSTOMER, customer_id)
    return [[unmute]] if muted else []


def _personal_rows(manager: Manager, customer_id: int) -> ButtonRows:
    """🔐 for administrators."""
    if not is_allowed(manager, Act.HANDLE_PERSONAL_DATA):
        return []
    caption = say("privacy.button", manager.language)
    return [[callback_button(caption, DeskVerb.SHOW_PERSONAL_DATA, customer_id)]]
