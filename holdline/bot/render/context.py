"""What a customer's new words may be about: the dialog that is paused, or the one that was closed just now."""

from datetime import timedelta

from holdline.bot.keyboards import ICONS
from holdline.bot.render.spans import span
from holdline.dialogs.text import capped, inline
from holdline.store import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

JUST_NOW = timedelta(hours=24)
_TITLE = 60
_NAME = 32


def context_line(tx: Tx, customer_id: int, language: str) -> str:
    """“⏸ #6 Lost parcel · Ivan”, “↩️ after #6 Lost parcel, closed 5 min ago”, or nothing."""
    paused = dialogs.paused_of(tx, customer_id, limit=1)
    if paused:
        dialog = paused[0]
        owner = dialog.assignee.name if dialog.assignee else say("cards.unassigned", language)
        title = inline(capped(dialog.title, _TITLE))
        return f"{ICONS['paused']} #{dialog.id} {title} · {inline(capped(owner, _NAME))}"
    closed = dialogs.closed_last(tx, customer_id, since=tx.at - JUST_NOW)
    if closed is None or closed.closed_at is None:
        return ""
    title = inline(capped(closed.title, _TITLE))
    if tx.at - closed.closed_at < timedelta(minutes=1):
        return say("cards.after_closed_now", language, id=closed.id, title=title)
    return say(
        "cards.after_closed",
        language,
        id=closed.id,
        title=title,
        span=span(tx.at - closed.closed_at, language),
    )
