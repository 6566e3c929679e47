"""/held: all customers whose marketing waits behind a dialog, the longest wait first."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DeskVerb, DialogVerb
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.keyboards import callback_button, ellipsize
from holdline.screens.render.durations import format_duration
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.marketing import held
from holdline.store.marketing.held import CustomerHeld
from holdline.store.tx import Tx
from holdline.texts import say

LIST = "held"
PAGE = 8
_NAME, _TITLE = 32, 48


def hold_list_screen(tx: Tx, manager: Manager, *, skip: int = 0) -> Screen:
    """Each customer with a link to the dialog and a button for the waiting messages."""
    language = manager.language
    found = held.list_customers(tx, skip=skip, limit=PAGE + 1)
    head = say("held.list_head", language)
    if not found:
        return screen_with_title(head, say("held.list_nothing", language))
    page = found[:PAGE]
    rows = [
        [
            dialog_link_button(tx, one.dialog_id, f"#{one.dialog_id}"),
            callback_button(
                say("cards.held", language, count=one.held), DialogVerb.SHOW_GATE_QUEUE, one.dialog_id
            ),
        ]
        for one in page
    ]
    turns = [callback_button("⏮", DeskVerb.TURN_PAGE, LIST, 0, 0)] if skip else []
    if len(found) > PAGE:
        turns.append(callback_button("▶", DeskVerb.TURN_PAGE, LIST, skip + PAGE, 0))
    return screen_with_title(
        head, *(_line(tx, one, language) for one in page), rows=[*rows, *([turns] if turns else [])]
    )


def _line(tx: Tx, one: CustomerHeld, language: str) -> str:
    """“👤 Anna · #12 “Lost parcel” · 👤 Maria · 3 held · 2 d”."""
    owner = inline(ellipsize(one.assignee, _NAME)) if one.assignee else say("cards.unassigned", language)
    return say(
        "held.list_line",
        language,
        name=inline(ellipsize(one.name, _NAME)),
        id=one.dialog_id,
        title=inline(ellipsize(one.title, _TITLE)),
        owner=owner,
        held=say("cards.held", language, count=one.held),
        span=format_duration(tx.at - one.since, language),
    )
