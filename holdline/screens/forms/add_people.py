"""Settings → People: the question before a person joins the desk, and what happens after a yes."""

from typing import Any

from holdline.desk.dialogs.inbox_items import ignore_item
from holdline.desk.notices.bot_messages import BotMessage, send_bot_message
from holdline.desk.people.adding import Addition, add_colleague
from holdline.desk.people.customer_colleagues import open_with
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.screens.forms.form import Form
from holdline.screens.forms.people_search import role_name
from holdline.screens.forms.welcome import welcome_screen
from holdline.screens.keyboards import STATE_ICONS
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import inbox_items
from holdline.store.people import customers, managers
from holdline.store.tx import Tx
from holdline.texts import say

NEW_ROLE = "agent"


def ask_about(tx: Tx, form: Form, telegram_id: int, name: str) -> None:
    """Opens the question. For a person who already belongs to the desk, opens their page."""
    before = managers.by_telegram_id(tx, telegram_id)
    if before is not None and before.active:
        form.step = f"people/{before.id}"
        return
    role = before.role if before is not None else NEW_ROLE
    form.values["asked"] = {"telegram_id": telegram_id, "name": name, "role": role}
    form.step = "people/join"


def add_from_question(tx: Tx, form: Form, manager: Manager, asked: dict[str, Any]) -> None:
    added = add(tx, manager, telegram_id=int(asked["telegram_id"]), name=asked["name"])
    form.step = f"people/{added.person.id}"


def add(tx: Tx, manager: Manager, *, telegram_id: int, name: str) -> Addition:
    """Adds the person. If they have written to the bot, they get a welcome message and their Inbox item is ignored."""
    added = add_colleague(tx, acting=manager, telegram_id=telegram_id, name=name, role=NEW_ROLE)
    was_customer = customers.by_telegram_id(tx, telegram_id)
    if added.outcome == "already" or was_customer is None:
        return added  # a bot cannot write to people who never wrote to it
    waiting = inbox_items.lock_new(tx, was_customer.id)
    if waiting is not None:
        ignore_item(tx, manager=manager, item_id=waiting.id)
    screen = welcome_screen(added.person)
    key = f"welcome:{added.person.id}:{tx.at.timestamp():.6f}"
    send_bot_message(tx, chat_id=telegram_id, said=BotMessage(screen.text, screen.entities), key=key)
    return added


def join_question_screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, question = manager.language, form.values["asked"]
    name, unsettled = inline(question["name"]), open_with(tx, int(question["telegram_id"]))
    open_dialogs = [
        say("windows.join_dialog", language, state=STATE_ICONS[d.state], id=d.id, title=inline(d.title))
        for d in unsettled.dialogs
    ]
    waits = [say("windows.join_waits", language, count=unsettled.waiting)] if unsettled.waiting else []
    means = say("windows.join_means", language, name=name, role=role_name(question["role"], language))
    rows = [
        [form.button(say("windows.join_yes", language), "join")],
        [form.button(say("windows.back", language), "list")],
    ]
    return screen_with_title(
        say("windows.join_ask", language, name=name), *open_dialogs, *waits, means, rows=rows
    )
