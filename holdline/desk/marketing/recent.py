"""What the customer was sent automatically lately: one message at a dialog's beginning, so that managers know it."""

from datetime import datetime, timedelta
from typing import Any

from holdline.desk.notices import places, views
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.text.times import minute_text
from holdline.store.dialogs import dialogs, history
from holdline.store.marketing.recent import count_sent_lately, find_sent_lately
from holdline.store.marketing.sources import source_of
from holdline.store.tx import Row, Tx

LATELY = timedelta(days=7)
_MOST = 5
_WORDS = 80


def show_recent(tx: Tx, place: Row, dialog: Dialog) -> None:
    """Shows the messages, the oldest first, with times and sources, also automatic answers; shows nothing if there were
    none.
    """
    lines = _lines(tx, dialog.customer_id, since=tx.at - LATELY)
    _show(tx, [place], "held.recent_head", lines)


def show_sent_in_pause(tx: Tx, event: Event) -> None:
    """Shows what was sent automatically during the pause, since the customer may reply to it."""
    dialog = dialogs.of_event(tx, event)
    paused_at = history.last_at(tx, dialog.id, EventKind.DIALOG_PAUSED)
    if paused_at is None:
        return
    lines = _lines(tx, dialog.customer_id, since=paused_at)
    if lines:
        _show(tx, places.ensure_for_dialog(tx, dialog), "held.pause_head", lines)


def notify_of_send_past_gate(tx: Tx, event: Event) -> None:
    """Shows in the dialog's places what was sent past its gate, and by whom."""
    if event.dialog_id is None:
        return
    words = {
        "who": event.actor.name,
        "what": {"key": f"cards.author_{event.data['class']}"},
        "quoted": _excerpt(event.text),
    }
    views.notify_dialog(tx, dialogs.of_event(tx, event), "held.sent_now", words)


def _lines(tx: Tx, customer_id: int, *, since: datetime) -> list[views.Line]:
    """The newest, in the order in which they were sent; before them how many earlier ones there are."""
    found = find_sent_lately(tx, customer_id, since=since, limit=_MOST + 1)
    lines = [_line(row, tx.rules.time_zone) for row in reversed(found[:_MOST])]
    if len(found) <= _MOST:
        return lines
    earlier = count_sent_lately(tx, customer_id, since=since) - _MOST
    return [{"key": "held.recent_earlier", "words": {"count": earlier}}, *lines]


def _show(tx: Tx, shown_in: list[Row], head: str, lines: list[views.Line]) -> None:
    for place in shown_in if lines else ():
        views.notify_place(tx, place, head, {"zone": tx.rules.time_zone}, more=lines)


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
