"""Which dialog a customer's message may refer to: one paused when it arrived, or one closed shortly before."""

from datetime import timedelta

from holdline.dialogs.message import Message
from holdline.dialogs.text.splitting import inline, truncate
from holdline.screens.keyboards import STATE_ICONS
from holdline.screens.render.durations import format_duration
from holdline.store.conversation import messages
from holdline.store.dialogs import dialogs, history
from holdline.store.tx import Tx
from holdline.texts import say

JUST_NOW = timedelta(hours=24)
_TITLE = 60
_NAME = 32


def dialog_hint_line(tx: Tx, message: Message, language: str) -> str:
    """“⏸ #6 Lost parcel · Ivan”, “↩️ after #6 Lost parcel, closed 5 min ago”, or nothing.

    It describes the time when the message arrived, so a card redrawn after an edit still says the same.
    """
    came_at = messages.effective_at(tx, message.id)
    paused_id = history.find_paused_dialog(tx, message.customer_id, at=came_at)
    if paused_id is not None:
        dialog = dialogs.by_id(tx, paused_id)
        owner = dialog.assignee.name if dialog.assignee else say("cards.unassigned", language)
        title = inline(truncate(dialog.title, _TITLE))
        return f"{STATE_ICONS['paused']} #{dialog.id} {title} · {inline(truncate(owner, _NAME))}"
    closed = dialogs.last_closed(tx, message.customer_id, since=came_at - JUST_NOW, until=came_at)
    if closed is None or closed.closed_at is None:
        return ""
    title = inline(truncate(closed.title, _TITLE))
    if came_at - closed.closed_at < timedelta(minutes=1):
        return say("cards.after_closed_now", language, id=closed.id, title=title)
    return say(
        "cards.after_closed",
        language,
        id=closed.id,
        title=title,
        span=format_duration(came_at - closed.closed_at, language),
    )
