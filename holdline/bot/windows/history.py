"""/history: who, when, what; newest or oldest first, page by page (S-12, S-31)."""

from typing import Any

from holdline.bot.keyboards import Rows, press, short
from holdline.bot.windows.window import Window, titled
from holdline.desk import reading
from holdline.dialogs.manager import Manager
from holdline.dialogs.rating import SCALE
from holdline.dialogs.text import inline
from holdline.store.tx import Tx
from holdline.texts import known, say

PAGE = 10
TEXT = 160
ORDERS = {"n": "newest", "o": "oldest"}


def history_window(
    tx: Tx, manager: Manager, *, dialog_id: int, order: str = "n", after: int | None = None
) -> Window:
    """`order`: n(ewest) or o(ldest) first; `after`: the last line of the page before."""
    language = manager.language
    entries = reading.history_of(
        tx, dialog_id=dialog_id, order=ORDERS.get(order, "newest"), after=after, limit=PAGE + 1
    )
    dialog = reading.dialog_by_id(tx, dialog_id=dialog_id)
    head = say("windows.history_head", language, id=dialog.id, title=inline(dialog.title))
    lines = [entry_line(entry, language) for entry in entries[:PAGE]]
    more = entries[PAGE - 1]["id"] if len(entries) > PAGE else None
    return titled(
        head,
        *(lines or [say("windows.list_nothing", language)]),
        rows=_rows(dialog_id, order, more, language),
    )


def entry_line(entry: dict[str, Any], language: str) -> str:
    """When (UTC), who, what; the words that were said, cut."""
    key = f"windows.did_{entry['kind']}"
    did = say(key, language) if known(key) else entry["kind"].replace("_", " ")
    said = inline(short(entry["text"], TEXT)) if entry["text"] else _told(entry["data"], language)
    return (
        f"{entry['at']:%d.%m %H:%M} · {inline(entry['actor']['name'])} · {did}{f': {said}' if said else ''}"
    )


def _told(data: dict[str, Any], language: str) -> str:
    """Without words of its own, an entry tells of a change, from → to, or of a message of some kind."""
    if isinstance(data.get("changes"), dict):
        return "; ".join(
            f"{_called(f'cards.{name}', name, language)}: {_plain(a)} → {_plain(b)}"
            for name, (a, b) in data["changes"].items()
        )
    if "to_name" in data:
        return f"→ {_plain(data['to_name'])}"
    if "from" in data and "to" in data:
        states = (_called(f"cards.state_{data[end]}", _plain(data[end]), language) for end in ("from", "to"))
        return " → ".join(states)
    if "survey_id" in data:
        return f"{data['value']}/{SCALE[-1]}"
    return _called(f"desk_notices.kind_{data['kind']}", "", language) if "kind" in data else ""


def _called(key: str, otherwise: str, language: str) -> str:
    return say(key, language) if known(key) else otherwise


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return inline(", ".join(map(str, value))) or "—"
    if isinstance(value, dict):
        return str(value.get("name", "—"))
    return inline(short(str(value))) if value is not None else "—"


def _rows(dialog_id: int, order: str, more: int | None, language: str) -> Rows:
    other = "o" if order == "n" else "n"
    row = [press(say(f"windows.order_{ORDERS[other]}", language), "list", f"history.{other}", 0, dialog_id)]
    if more is not None:
        row.append(press("▶", "list", f"history.{order}", more, dialog_id))
    return [row]
