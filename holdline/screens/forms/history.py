"""/history: who, when, what; newest or oldest first, page by page (S-12, S-31)."""

from typing import Any

from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.reading import reading
from holdline.dialogs.decisions.changes import FIELDS
from holdline.dialogs.manager import Manager
from holdline.dialogs.rating import SCALE
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.dialogs.verbs import DeskVerb, DialogVerb
from holdline.screens.keyboards import STATE_ICONS, ButtonRows, callback_button, ellipsize
from holdline.screens.render.cards import stage_name
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import has_text, say

PAGE = 10
TEXT = 160
ORDERS = {"n": "newest", "o": "oldest"}


def history_screen(
    tx: Tx, manager: Manager, *, dialog_id: int, order: str = "n", after: int | None = None
) -> Screen:
    """`order`: n(ewest) or o(ldest) first; `after`: the last line of the page before."""
    language = manager.language
    entries = reading.history_of(
        tx, dialog_id=dialog_id, order=ORDERS.get(order, "newest"), after=after, limit=PAGE + 1
    )
    dialog = reading.dialog_by_id(tx, dialog_id=dialog_id)
    head = say("windows.history_head", language, id=dialog.id, title=inline(dialog.title))
    zone = time_zone_of(tx, manager)
    lines = [entry_line(entry, language, zone=zone) for entry in entries[:PAGE]]
    more = entries[PAGE - 1]["id"] if len(entries) > PAGE else None
    return screen_with_title(
        f"{head} · {say('windows.times_in', language, zone=zone)}",
        *(lines or [say("windows.list_nothing", language)]),
        rows=_rows(dialog_id, order, more, language),
    )


def entry_line(entry: dict[str, Any], language: str, *, zone: str) -> str:
    """When, who, what; the words that were said, cut."""
    key = f"windows.did_{entry['kind']}"
    did = say(key, language) if has_text(key) else entry["kind"].replace("_", " ")
    if entry["data"].get("written_by"):
        did = f"{did} ({say('windows.written_by', language, name=inline(entry['data']['written_by']))})"
    details = inline(ellipsize(entry["text"], TEXT)) if entry["text"] else _details(entry["data"], language)
    if entry["kind"] in ("dialog_closed", "close_requested"):
        details = " · ".join(_close_details(entry, language))
    suffix = f": {details}" if details else ""
    return f"{in_zone(entry['at'], zone):%d.%m %H:%M} · {_actor(entry['actor'], language)} · {did}{suffix}"


def _close_details(entry: dict[str, Any], language: str) -> list[str]:
    """What was said about the close, and our score with its giver; else from which state it came."""
    data, lines = entry["data"], []
    for name in ("reason", "comment", "root_cause"):
        if data.get(name):
            lines.append(say(f"windows.line_{name}", language, value=inline(ellipsize(data[name], TEXT))))
    if data.get("outcome"):
        lines.append(say(f"windows.outcome_{data['outcome']}", language))
    if data.get("customer_score"):
        scorer = data.get("customer_score_by") or {}
        by = scorer.get("name") if scorer.get("telegram_id") != entry["actor"].get("telegram_id") else None
        lines.append("⭐" * data["customer_score"] + (f" ({inline(by)})" if by else ""))
    return lines or [_details(data, language)]


def _actor(actor: dict[str, Any], language: str) -> str:
    return say("windows.actor_system", language) if actor["kind"] == "system" else inline(actor["name"])


def _details(data: dict[str, Any], language: str) -> str:
    """Without words of its own, an entry tells of a change, from → to, or of a message of some kind."""
    if changes := {name: both for name, both in data.items() if name in FIELDS and isinstance(both, list)}:
        return "; ".join(_change_text(name, both, language) for name, both in changes.items())
    if data.get("to_team"):
        return f"→ {_plain(data['to_team'])}"
    if "to_name" in data:
        return f"→ {_plain(data['to_name'])}"
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


def _rows(dialog_id: int, order: str, more: int | None, language: str) -> ButtonRows:
    other = "o" if order == "n" else "n"
    row = [
        callback_button(
            say(f"windows.order_{ORDERS[other]}", language),
            DeskVerb.TURN_PAGE,
            f"history.{other}",
            0,
            dialog_id,
        )
    ]
    if more is not None:
        row.append(callback_button("▶", DeskVerb.TURN_PAGE, f"history.{order}", more, dialog_id))
    file = callback_button(
        say("desk_notices.whole_conversation", language), DialogVerb.SEND_TRANSCRIPT, dialog_id
    )
    return [row, [file]]
