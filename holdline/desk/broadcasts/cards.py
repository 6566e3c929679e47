"""The card of a broadcast: shows the progress in place, with less priority than anything else in its chat."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from holdline.desk.broadcasts.reading import BroadcastProgress, progress_of
from holdline.desk.delivery.pace import can_go_faster
from holdline.desk.notices.broadcast_notices import broadcast_button
from holdline.desk.notices.views import Buttons, Line
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastStatus, BroadcastVerb
from holdline.dialogs.broadcasts.stars import SPENT, StarsBudget, stars_text
from holdline.dialogs.marketing.customer_days import CAP_PER_DAY, QUIET_HOURS
from holdline.dialogs.outbox.changes import DeskNoticeEdit
from holdline.dialogs.outbox.item import ASIDE
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.text.times import moment_text
from holdline.store.broadcasts import cards
from holdline.store.delivery import outbox
from holdline.store.restores.held_work import RESTORED
from holdline.store.screens import outbox_by_key
from holdline.store.tx import Row, Tx

_BAR = 12
_EXCERPT = 60
_CAPTION, _MOST_BUTTONS = 30, 6
_AT_ONCE, _LOOKED_AT = 20, 500
_OVER = frozenset({BroadcastStatus.DONE, BroadcastStatus.CANCELLED})


def show_card(tx: Tx, *, broadcast_id: int, to: Address, cause: str) -> None:
    """Sends a new card, which is updated from now on."""
    said_as = f"broadcast_card:{broadcast_id}:{to.chat_id}:{cause}"
    progress = progress_of(tx, broadcast_id=broadcast_id)
    lines, buttons = _lines(tx, progress), buttons_of(progress)
    outbox.add(tx, [Outgoing(to, DeskNotice(**_fields(lines, buttons)), said_as)])
    cards.put(tx, broadcast_id, to.chat_id, said_as=said_as, shown=[lines, buttons])


def redraw_live_cards(tx: Tx) -> int:
    """Updates outdated cards and returns their number; writes nothing for the others. Called by the timer."""
    looks: dict[int, _CardLook] = {}
    drawn = 0
    for card in cards.list_live(tx, limit=_LOOKED_AT):
        broadcast_id = card["broadcast_id"]
        if broadcast_id not in looks:
            looks[broadcast_id] = _look_of(tx, broadcast_id)
        drawn += _redraw(tx, card, looks[broadcast_id])
        if drawn == _AT_ONCE:
            break
    return drawn


def redraw_cards(tx: Tx, *, broadcast_id: int) -> None:
    """Updates the cards after a press, so that its effect shows at once."""
    look = _look_of(tx, broadcast_id)
    for card in cards.of_broadcast(tx, broadcast_id):
        _redraw(tx, card, look)


def buttons_of(progress: BroadcastProgress) -> Buttons:
    """The buttons for what may be done now; what cannot be undone asks for confirmation first (?)."""
    broadcast, sent = progress.broadcast, progress.figures.sent
    moves = ["cancel?" if verb is BroadcastVerb.CANCEL else str(verb) for verb in broadcast.allowed]
    changes = ["edit"] if broadcast.status not in _OVER or sent else []
    changes += ["delete?"] if sent else []
    is_gone = progress.change == "delete" or broadcast.deleted_at is not None
    plans = [] if broadcast.has_started else ["when", "audience"]
    rows = [moves, plans, [] if is_gone else changes, ["export"]]
    return [[broadcast_button(broadcast.id, act) for act in row] for row in rows if row]


@dataclass(frozen=True, slots=True)
class _CardLook:
    """What a card shows; `is_over`: it will not change any longer."""

    lines: list[Line]
    buttons: Buttons
    is_over: bool


def _look_of(tx: Tx, broadcast_id: int) -> _CardLook:
    progress = progress_of(tx, broadcast_id=broadcast_id)
    figures = progress.figures
    is_over = progress.broadcast.status in _OVER and not (figures.waiting or figures.held or progress.change)
    return _CardLook(_lines(tx, progress), buttons_of(progress), is_over)


def _redraw(tx: Tx, card: Row, look: _CardLook) -> bool:
    shown = [look.lines, look.buttons]
    if card["moved_to_chat_id"] is not None:
        _follow_group(tx, card, look)
        return True
    if card["shown_json"] == shown:
        if look.is_over:
            cards.mark_shown(tx, card["id"], shown, ended=True)
        return False
    fields = _fields(look.lines, look.buttons)
    if not outbox_by_key.replace_item(tx, card["said_as"], DeskNotice(**fields)):
        collapse = f"redraw:{card['said_as']}"
        outbox.withdraw(tx, collapse)
        out = Outgoing(
            to=Address(card["chat_id"]),
            item=DeskNoticeEdit(card["said_as"], **fields),
            key=f"{collapse}:{secrets.token_hex(6)}",
            rank=ASIDE,
            collapse_key=collapse,
            expires_at=tx.at + timedelta(minutes=10),
        )
        outbox.add(tx, [out])
    cards.mark_shown(tx, card["id"], shown, ended=look.is_over)
    return True


def _follow_group(tx: Tx, card: Row, look: _CardLook) -> None:
    """The group became a supergroup, where the messages of before cannot be edited: the card is sent there anew. One
    that was still waiting has followed the group itself.
    """
    chat_id, said_as = card["moved_to_chat_id"], card["said_as"]
    fields = _fields(look.lines, look.buttons)
    if not outbox_by_key.replace_item(tx, said_as, DeskNotice(**fields)):
        said_as = f"broadcast_card:{card['broadcast_id']}:{chat_id}:moved:{card['id']}"
        outbox.add(tx, [Outgoing(Address(chat_id), DeskNotice(**fields), said_as)])
    cards.move(tx, card["id"], chat_id, said_as=said_as)
    cards.mark_shown(tx, card["id"], [look.lines, look.buttons], ended=look.is_over)


def _fields(lines: list[Line], buttons: Buttons) -> dict[str, Any]:
    first, *more = lines
    return {**first, "more": more, "buttons": buttons}


def _lines(tx: Tx, progress: BroadcastProgress) -> list[Line]:
    """The card's lines: the words, the status, a bar, the figures, and why it was paused automatically."""
    broadcast, figures = progress.broadcast, progress.figures
    share = figures.settled / figures.recipients if figures.recipients else 0
    words = " ".join(broadcast.content.variants[0].words.text.split())
    head: Line = {
        "key": "composing.card_head",
        "words": {"id": broadcast.id, "quoted": truncate(words, _EXCERPT) or "📎"},
    }
    filled = round(share * _BAR)
    bar = {
        "bar": "▓" * filled + "░" * (_BAR - filled),
        "percent": int(share * 100),
        "total": figures.recipients,
    }
    counts = {name: getattr(figures, name) for name in ("sent", "held", "waiting", "blocked", "failed")}
    lines: list[Line] = [head, _status_line(tx, progress)]
    if figures.recipients or broadcast.status is not BroadcastStatus.DONE:
        lines.append({"key": "composing.card_bar", "words": bar})
        lines.append({"key": "composing.card_figures", "words": counts})
    lines += _lines_of_put_off(progress)
    for name in ("expired", "cancelled"):
        if number := getattr(figures, name):
            lines.append({"key": f"composing.card_{name}_count", "words": {"count": number}})
    if progress.paid is not None:
        lines.append(_line_of_stars(tx, progress.paid))
    if progress.change:
        done = {"count": progress.changes_done}
        lines.append({"key": f"composing.card_change_{progress.change}", "words": done})
    elif broadcast.deleted_at is not None:
        lines.append({"key": "composing.card_deleted", "words": {}})
    return [*lines, *_lines_of_presses(progress), *_lines_of_pause(broadcast)]


def _lines_of_pause(broadcast: Broadcast) -> list[Line]:
    """Why it was paused automatically."""
    if not broadcast.pause_reason:
        return []
    if broadcast.pause_reason != RESTORED:
        return [{"key": "composing.card_refused", "words": {"quoted": broadcast.pause_reason}}]
    is_on_hold = broadcast.status is BroadcastStatus.PAUSED
    return [{"key": "composing.card_restored", "words": {}}] if is_on_hold else []


def _lines_of_put_off(progress: BroadcastProgress) -> list[Line]:
    """Who of those that wait does so because of their own hours and days."""
    until, lines = progress.quiet_until, list[Line]()
    if progress.broadcast.status is not BroadcastStatus.SENDING:
        return lines
    if until is not None and (number := progress.put_off_text(QUIET_HOURS)):
        words = {"count": number, "until": f"{until:%H:%M}"}
        lines.append({"key": "composing.card_quiet_hours", "words": words})
    if number := progress.put_off_text(CAP_PER_DAY):
        lines.append({"key": "composing.card_cap_per_day", "words": {"count": number}})
    return lines


def _lines_of_presses(progress: BroadcastProgress) -> list[Line]:
    """The buttons that were pressed most often."""
    pressed = sorted((each for each in progress.presses if each.presses), key=lambda each: -each.presses)
    return [
        {
            "key": "composing.card_presses",
            "words": {
                "caption": truncate(each.text, _CAPTION),
                "presses": each.presses,
                "people": each.people,
            },
        }
        for each in pressed[:_MOST_BUTTONS]
    ]


def _line_of_stars(tx: Tx, paid: StarsBudget) -> Line:
    """What was spent; if it has stopped paying, also why, and that it continues without paying."""
    words: dict[str, Any] = {"spent": stars_text(paid.spent), "budget": stars_text(paid.budget)}
    if paid.stopped_reason not in (None, SPENT):
        return {"key": "composing.card_paid_refused", "words": {**words, "quoted": paid.stopped_reason}}
    if paid.stopped_reason == SPENT:
        return {"key": "composing.card_paid_spent", "words": words}
    key = "card_paid" if can_go_faster(tx) else "card_paid_off"
    return {"key": f"composing.{key}", "words": words}


def _status_line(tx: Tx, progress: BroadcastProgress) -> Line:
    broadcast, zone = progress.broadcast, tx.rules.time_zone
    if broadcast.status is BroadcastStatus.SCHEDULED:
        at = (
            broadcast.local_time.strftime("%Y-%m-%d %H:%M")
            if broadcast.local_time
            else moment_text(broadcast.starts_at, zone)
        )
        key = "composing.card_scheduled_local" if broadcast.local_time else "composing.card_scheduled"
        return {"key": key, "words": {"at": at}}
    if broadcast.status is BroadcastStatus.SENDING and progress.eta_seconds:
        minutes = max(1, round(progress.eta_seconds / 60))
        unit, number = ("hours", round(minutes / 60)) if minutes >= 120 else ("minutes", minutes)
        left = {"key": f"cards.span_{unit}", "words": {"n": number}}
        return {"key": "composing.card_sending_left", "words": {"left": left}}
    if broadcast.status is BroadcastStatus.DONE and not progress.figures.recipients:
        return {"key": "composing.card_done_nobody", "words": {}}
    return {"key": f"composing.card_{broadcast.status}", "words": {}}
