"""What marketing waits for a customer while a dialog is active (L-36); looking changes nothing."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.screens.keyboards import ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.delivery import held_marketing
from holdline.store.dialogs import dialogs
from holdline.store.tx import Row, Tx
from holdline.texts import say

PAGE = 20
TEXT = 120


def gate_queue_screen(tx: Tx, manager: Manager, *, dialog_id: int) -> Screen:
    """Oldest first: the order in which it will leave."""
    dialog, language = dialogs.by_id(tx, dialog_id), manager.language
    rows = held_marketing.of_customer(tx, dialog.customer_id, limit=PAGE + 1)
    lines = [_line(row, language) for row in rows[:PAGE]]
    if len(rows) > PAGE:
        lines.append("…")
    head = say("windows.held_head", language, id=dialog.id, title=inline(dialog.title))
    return screen_with_title(head, *(lines or [say("windows.held_nothing", language)]))


def _line(row: Row, language: str) -> str:
    """“📣 Funnel: Sale!”"""
    what = say(f"cards.author_{row['class']}", language)
    return f"{what} {inline(ellipsize(row['text'] or row['kind'], TEXT))}"
