"""/notify: which notifications a manager gets, and by which channel, with one button for each."""

from typing import Any

from holdline.desk.people.notification_settings import load_notifications, set_notifications
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.notifications import CHANNELS, EMAIL, TELEGRAM, TOPICS
from holdline.dialogs.refusal import NotFound
from holdline.screens.forms.form import Form, FormKind, FormPosition, end_form, open_form
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "notify"
_SIGNS = {TELEGRAM: "💬", EMAIL: "✉️"}


def begin(tx: Tx, manager: Manager, *, spot: FormPosition) -> Form:
    return open_form(tx, manager, FormKind(KIND), spot=spot)


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, settings = manager.language, load_notifications(tx, manager_id=manager.id)
    head = say("notify.head", language)
    if form.step == EMAIL:
        back = [form.button(say("windows.back", language), "back")]
        return screen_with_title(head, say("notify.ask_email", language), rows=[back])
    rows: ButtonRows = []
    for topic in TOPICS:
        chosen = settings.channels_for(topic)
        row = [
            form.button(
                f"{'✅' if channel in chosen else '⬜️'} {_SIGNS[channel]}"
                + (f" {say(f'notify.topic_{topic}', language)}" if channel == TELEGRAM else ""),
                channel,
                topic,
            )
            for channel in CHANNELS
        ]
        rows.append(row)
    rows.append([form.button(say("notify.button_email", language), "address")])
    rows.append([form.button(say("notify.done", language), "done")])
    address = say("notify.email", language, address=settings.email or "—")
    return screen_with_title(head, say("notify.legend", language), address, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    """Each tap takes effect at once. Choosing e-mail without an address asks for the address first."""
    match action:
        case "telegram" | "email" if arg in TOPICS:
            settings = load_notifications(tx, manager_id=manager.id)
            chosen = {*settings.channels_for(arg)} ^ {action}
            if action == EMAIL and settings.email is None:
                form.values["topic"], form.step = arg, EMAIL
            else:
                _save(tx, manager, {arg: tuple(chosen)}, settings.email)
        case "address":
            form.step = EMAIL
        case "back":
            form.step = "main"
        case "done":
            return end_form(form, say("notify.saved", manager.language))
        case _:
            raise NotFound("button", action)
    form.awaits = form.step == EMAIL
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """The address. If a topic was waiting for it, e-mail is switched on for that topic."""
    topic = form.values.pop("topic", None)
    settings = load_notifications(tx, manager_id=manager.id)
    chosen = {topic: (*settings.channels_for(topic), EMAIL)} if topic else {}
    _save(tx, manager, chosen, content.text.strip())
    form.step, form.awaits = "main", False
    return screen(tx, form, manager)


def _save(tx: Tx, manager: Manager, chosen: dict[str, Any], email: str | None) -> None:
    settings = load_notifications(tx, manager_id=manager.id)
    channels = {topic: settings.channels_for(topic) for topic in TOPICS} | chosen
    set_notifications(tx, manager_id=manager.id, channels=channels, email=email)
