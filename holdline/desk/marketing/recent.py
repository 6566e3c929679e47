"""What the customer was sent automatically of late: one message where a dialog begins, so that nobody answers blind."""

from datetime import timedelta
from typing import Any

from holdline.desk.notices import views
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.text.times import minute_text
from holdline.store.marketing.recent import find_sent_lately
from holdline.store.marketing.sources import source_of
from holdline.store.tx import Row, Tx

LATELY = timedelta(days=7)
_MOST = 5
_WORDS = 80


def show_recent(tx: Tx, place: Row, dialog: Dialog) -> None:
    """The oldest first, with times and sources, and what the robot has answered; nothing where nothing was sent."""
    found = find_sent_lately(tx, dialog.customer_id, since=tx.at - LATELY, limit=_MOST)
    if not found:
        return
    zone = tx.rules.time_zone
    lines = [_line(row, zone) for row in reversed(found)]
    views.tell_place(tx, place, "held.recent_head", {"zone": zone}, more=lines)


def _line(row: Row, zone: str) -> views.Line:
    """“2026-11-30 09:00 · 📣 Broadcast: Only today… (by “CRM”)”."""
    text = " ".join((row["text"] or "").split())
    words: dict[str, Any] = {
        "at": minute_text(row["sent_at"], zone),
        "what": {"key": f"cards.author_{row['class']}"},
        "quoted": truncate(text, _WORDS) if text else "📎",
    }
    for kind, name in source_of(row).items():
        words["source"] = {"key": f"held.from_{kind}", "words": {"name": str(name)}}
    return {"key": "held.recent_line_from" if "source" in words else "held.recent_line", "words": words}
