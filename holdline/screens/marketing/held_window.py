"""The marketing that waits for a customer while a dialog is active (L-36), and a manager's decisions on it (M-11).

Viewing changes nothing. A manager with the right can send or drop one message; both need a second tap.
"""

from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import moment_text
from holdline.dialogs.verbs import DeskVerb, DialogVerb
from holdline.screens.keyboards import ButtonRows, callback_button, ellipsize
from holdline.screens.marketing.held_words import source_words
from holdline.screens.render.durations import format_duration
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs
from holdline.store.marketing import held
from holdline.store.tx import Row, Tx
from holdline.texts import say

PAGE = 6
TEXT = 120
SEND, DROP, CONFIRMED, KEEP = "send", "drop", "!", "keep"
"""The acts on an item. With the mark `!` it is the confirming tap."""


def gate_queue_screen(
    tx: Tx,
    manager: Manager,
    *,
    dialog_id: int,
    is_shared: bool,
    after: int = 0,
    asked: tuple[int, str] | None = None,
) -> Screen:
    """The messages in the order in which they will leave. `asked`: the item that was tapped first, and the act to
    confirm. `is_shared`: colleagues see the window too, so it is in the desk's language and offers everything; what
    each of them may do is decided at their press.
    """
    dialog = dialogs.by_id(tx, dialog_id)
    language = tx.rules.language if is_shared else manager.language
    rows = held.of_customer(tx, dialog.customer_id, after=after or None, limit=PAGE + 1)
    head = say("windows.held_head", language, id=dialog.id, title=inline(dialog.title))
    if not rows:
        return screen_with_title(head, say("windows.held_nothing", language))
    page = rows[:PAGE]
    lines = [line for number, row in enumerate(page, 1) for line in _lines(tx, number, row, language)]
    decides = is_shared or is_allowed(manager, Act.DECIDE_ON_HELD)
    buttons: ButtonRows = []
    for number, row in enumerate(page, 1):
        if decides:
            buttons += _item_rows(number, row, language, after=after, asked=asked)
    more = page[-1]["id"] if len(rows) > PAGE else None
    hint = [say("held.hint", language)] if decides else []
    return screen_with_title(head, *lines, *hint, rows=[*buttons, *_turns(dialog.id, more=more, after=after)])


def _lines(tx: Tx, number: int, row: Row, language: str) -> list[str]:
    """“1. 📣 Funnel: Sale!” and, below, its source and how long it has waited."""
    what = say(f"cards.author_{row['class']}", language)
    waits = say("held.waits", language, span=format_duration(tx.at - row["created_at"], language))
    until = (
        [say("held.until", language, at=moment_text(row["expires_at"], tx.rules.time_zone))]
        if row["expires_at"]
        else []
    )
    details = " · ".join([*source_words(row, language), waits, *until])
    return [f"{number}. {what} {inline(ellipsize(row['text'] or row['kind'], TEXT))}", f"      {details}"]


def _item_rows(
    number: int, row: Row, language: str, *, after: int, asked: tuple[int, str] | None
) -> ButtonRows:
    """▶️ 1 · 🗑 1; after the first tap a question that says what would happen."""
    item_id = row["id"]
    first = [
        callback_button(
            say(f"held.{act}", language, number=number), DeskVerb.DECIDE_ON_HELD, item_id, act, after
        )
        for act in (SEND, DROP)
    ]
    if asked is None or asked[0] != item_id:
        return [first]
    sure = callback_button(
        say(f"held.sure_{asked[1]}", language, number=number),
        DeskVerb.DECIDE_ON_HELD,
        item_id,
        f"{asked[1]}{CONFIRMED}",
        after,
    )
    keep = callback_button(say("manager.keep", language), DeskVerb.DECIDE_ON_HELD, item_id, KEEP, after)
    return [first, [sure, keep]]


def _turns(dialog_id: int, *, more: int | None, after: int) -> ButtonRows:
    row = [callback_button("⏮", DialogVerb.SHOW_GATE_QUEUE, dialog_id, 0)] if after else []
    if more is not None:
        row.append(callback_button("▶", DialogVerb.SHOW_GATE_QUEUE, dialog_id, more))
    return [row] if row else []
