"""/broadcasts: the latest ones, each with a button for its card."""

from holdline.desk.broadcasts.reading import BroadcastProgress, broadcasts_page
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.keyboards import arrange_in_rows, callback_button, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

LIST = "broadcasts"
PAGE = 8
_WORDS = 48
_SIGNS = {"scheduled": "🕒", "sending": "📤", "paused": "⏸", "done": "✅", "cancelled": "✖"}


def broadcast_list_screen(tx: Tx, manager: Manager, *, after: int = 0) -> Screen:
    """Newest first."""
    language = manager.language
    found = broadcasts_page(tx, order="newest", after=after or None, limit=PAGE + 1)
    head = say("composing.list_head", language)
    if not found:
        return screen_with_title(head, say("composing.list_nothing", language))
    page = found[:PAGE]
    buttons = [
        callback_button(f"📣 {one.broadcast.id}", DeskVerb.MOVE_BROADCAST, one.broadcast.id, "show")
        for one in page
    ]
    turns = [callback_button("⏮", DeskVerb.TURN_PAGE, LIST, 0, 0)] if after else []
    if len(found) > PAGE:
        turns.append(callback_button("▶", DeskVerb.TURN_PAGE, LIST, page[-1].broadcast.id, 0))
    rows = [*arrange_in_rows(buttons, 4), *([turns] if turns else [])]
    return screen_with_title(head, *(_line(one, language) for one in page), rows=rows)


def _line(one: BroadcastProgress, language: str) -> str:
    """“✅ 7 · Winter sale… · 980 of 1,000 sent · 3 held”."""
    figures, words = one.figures, one.broadcast.content.variants[0].words.text
    return say(
        "composing.list_line",
        language,
        sign=_SIGNS[one.broadcast.status],
        id=one.broadcast.id,
        words=inline(ellipsize(words or "📎", _WORDS)),
        sent=figures.sent,
        total=figures.recipients,
        held=figures.held,
    )
