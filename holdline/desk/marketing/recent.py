"""What the customer was sent automatically lately: one message at a dialog's beginning, so that managers know it."""

from datetime import timedelta
from typing import Any

from holdline.desk.notices import places, views
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.text.times import minute_text
from holdline.store.dialogs import dialogs, history
from holdline.store.marketing.recent import find_sent_lately
from holdline.store.marketing.sources import source_of
from holdline.store.tx import Row, Tx

LATELY = timedelta(days=7)
_MOST = 5
_WORDS = 80


def show_recent(tx: Tx, place: Row, dialog: Dialog) -> None:
    """Shows the messages, the oldest first, with times and sources, also automatic answers; shows nothing if there were
    none.
    """
    found = find_sent_lately(tx, dialog.customer_id, since=tx.at - LATELY, limit=_MOST)
    _show(tx, [place], "held.recent_head", found)


def show_sent_in_pause(tx: Tx, event: Event) -> None:
    """Shows what was sent automatically during the pause, since the customer may reply to it."""
    dialog = dialogs.of_event(tx, event)
    paused_at = history.last_at(tx, dialog.id, EventKind.DIALOG_PAUSED)
    if paused_at is None:
        return
    found = find_sent_lately(tx, dialog.customer_id, since=paused_at, limit=_MOST)
    if found:
        _show(tx, places.ensure_for_dialog(tx, dialog), "held.pause_head", found)


def tell_sent_now(tx: Tx, event: Event) -> None:
    """Tells the dialog's places what was sent past its gate, and by whom."""
    if event.dialog_id is None:
        return
    words = {
        "who": event.actor.name,
        "what": {"key": f"cards.author_{event.data['class']}"},
        "quoted": _excerpt(event.text),
    }
    views.tell_dialog(tx, dialogs.of_event(tx, event), "held.sent_now", words)


def _show(tx: Tx, shown_in: list[Row], head: str, found: list[Row]) -> None:
    zone = tx.rules.time_zone
    lines = [_line(row, zone) for row in reversed(found)]
    for place in shown_in if found else ():
        views.tell_place(tx, place, head, {"zone": zone}, more=lines)


def _excerpt(text: str | None) -> str:
    words = " ".join((text or "").split())
    return truncate(words, _WORDS) if words else "📎"


def _line(row: Row, zone: str) -> views.Line:
    """“2026-11-30 09:00 · 📣 Broadcast: Only today… (by “CRM”)”."""
    words: dict[str, Any] = {
        "at": minute_text(row["sent_at"], zone),
        "what": {"key": f"cards.author_{row['class']}"},
        "quoted": _excerpt(row["text"]),
    }
    for kind, name in source_of(row).items():
        words["source"] = {"key": f"held.from_{kind}", "words": {"name": str(name)}}
    return {"key": "held.recent_line_from" if "source" in words else "held.recent_line", "words": words}
