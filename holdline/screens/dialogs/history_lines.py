"""A line of a dialog's history: time, actor, kind and details; for the screen and for a file."""

from typing import Any

from holdline.desk.reading.timeline import timeline_of
from holdline.dialogs.conversation.timeline import TimelineOrder
from holdline.dialogs.decisions.changes import FIELDS
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.marketing.customer_values import CUSTOMER_FIELDS
from holdline.dialogs.rating import SCALE
from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.screens.keyboards import STATE_ICONS, ellipsize
from holdline.screens.render.cards import stage_name
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.telegram.call import FilePage
from holdline.texts import has_text, say

TEXT = 160
_FIELDS = frozenset((*FIELDS, *CUSTOMER_FIELDS))
FILE_PAGE = 100
"""Lines read at once, so that each read takes only milliseconds."""


def timeline_file_page(
    tx: Tx, *, dialog_id: int, order: TimelineOrder, skip: int, reader: tuple[str, str]
) -> FilePage:
    """The lines after the first `skip`, with a header before the first one. `reader`: language and time zone."""
    language, zone = reader
    entries = timeline_of(tx, dialog_id=dialog_id, order=order, skip=skip, limit=FILE_PAGE, language=language)
    lines = [entry_line(entry, language, zone=zone, most=TEXT_LIMIT) for entry in entries]
    if not skip:
        title = dialogs.by_id(tx, dialog_id).title
        head = say("windows.history_head", language, id=dialog_id, title=title)
        nothing = [] if lines else [say("windows.list_nothing", language)]
        lines = [head, say("windows.times_in", language, zone=zone), "", *nothing, *lines]
    more = skip + FILE_PAGE if len(entries) == FILE_PAGE else None
    return FilePage("\n".join([*lines, ""]), more)


def entry_line(entry: dict[str, Any], language: str, *, zone: str, most: int = TEXT) -> str:
    """Time, actor and details; the text is cut to `most` units."""
    key = f"windows.did_{entry['kind']}"
    did = say(key, language) if has_text(key) else entry["kind"].replace("_", " ")
    if entry["data"].get("written_by"):
        did = f"{did} ({say('windows.written_by', language, name=inline(entry['data']['written_by']))})"
    words = entry["text"] or ""
    if entry["kind"] == "dialog_opened":
        details = " · ".join(_details_of_opening(entry, language, most=most))
    elif entry["kind"] in ("dialog_closed", "close_requested"):
        details = " · ".join(_close_details(entry, language))
    else:
        details = inline(ellipsize(words, most)) if words else _details(entry["data"], language)
    suffix = f": {details}" if details else ""
    return f"{in_zone(entry['at'], zone):%d.%m %H:%M} · {_actor(entry['actor'], language)} · {did}{suffix}"


def _details_of_opening(entry: dict[str, Any], language: str, *, most: int) -> list[str]:
    """Its title, and the description if it differs."""
    data = entry["data"]
    title, description = data.get("title") or entry["text"] or "", data.get("description")
    details = [inline(ellipsize(title, most))] if title else []
    if description and description != title:
        words = inline(ellipsize(description, most))
        details.append(say("timeline.description", language, words=words))
    return details


def _close_details(entry: dict[str, Any], language: str) -> list[str]:
    """What was said about the close, and our score with who gave it; otherwise the change of state."""
    data, lines = entry["data"], []
    for name in ("reason", "comment", "root_cause"):
        if data.get(name):
            lines.append(say(f"windows.line_{name}", language, value=inline(ellipsize(data[name], TEXT))))
    if has_text(outcome := f"windows.outcome_{data.get('outcome')}"):  # an erasure has left a dash
        lines.append(say(outcome, language))
    if data.get("customer_score"):
        scorer = data.get("customer_score_by") or {}
        by = scorer.get("name") if scorer.get("telegram_id") != entry["actor"].get("telegram_id") else None
        lines.append("⭐" * data["customer_score"] + (f" ({inline(by)})" if by else ""))
    return lines or [_details(data, language)]


def _actor(actor: dict[str, Any], language: str) -> str:
    if actor["kind"] == "system" and actor["name"] != SYSTEM.name:
        return f"🔑 {inline(actor['name'])}"  # an API key
    return say("windows.actor_system", language) if actor["kind"] == "system" else inline(actor["name"])


def _details(data: dict[str, Any], language: str) -> str:
    """For an entry without text: a change, from → to, or the kind of a message."""
    if changes := {name: both for name, both in data.items() if name in _FIELDS and isinstance(both, list)}:
        return "; ".join(_change_text(name, both, language) for name, both in changes.items())
    if data.get("topic"):
        return _plain(data["topic"])
    if data.get("to_team") or "to_name" in data:
        return f"→ {_plain(data.get('to_team') or data['to_name'])}"
    if "from" in data and "to" in data:
        return f"{_state(data['from'], language)} → {_state(data['to'], language)}"
    if "value" in data:
        return f"{data['value']}/{SCALE[-1]}"
    kind = f"desk_notices.kind_{data.get('kind')}"
    return say(kind, language) if has_text(kind) else ""


def _change_text(name: str, both: list[Any], language: str) -> str:
    before, after = both
    field = say(f"fields.{name}", language) if has_text(f"fields.{name}") else name
    if name == "fields":
        return "; ".join(f"{inline(own)}: {_plain(before[own])} → {_plain(after[own])}" for own in after)
    if name == "stage":
        return f"{field}: {stage_name(str(before), language)} → {stage_name(str(after), language)}"
    return f"{field}: {_plain(before)} → {_plain(after)}"


def _state(value: Any, language: str) -> str:
    return say(f"cards.state_{value}", language) if value in STATE_ICONS else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return inline(", ".join(map(str, value))) or "—"
    if isinstance(value, bool):
        return "✔" if value else "✘"
    if isinstance(value, dict):
        return str(value.get("name", "—"))
    return inline(ellipsize(str(value))) if value is not None else "—"
