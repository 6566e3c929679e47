"""What waits after a restore: counts by kind, the first messages, and the buttons to release or discard."""

from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.restores.hold import current_hold
from holdline.desk.restores.notices import backup_moment
from holdline.dialogs.conversation.scheduled_reply import ScheduledReply
from holdline.dialogs.manager import Manager
from holdline.dialogs.restores.hold import Hold, Verdict
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import moment_text
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.keyboards import ButtonRows, callback_button, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.restores import first_held
from holdline.store.tx import Tx
from holdline.texts import say

ALL = "all"
_SHOWN = 5
_NAME, _TEXT = 32, 60


def restore_screen(tx: Tx, manager: Manager, *, asked: tuple[Verdict, str] | None = None) -> Screen:
    """`asked`: the verdict and kind that were tapped first, to be confirmed by a second tap."""
    hold, language = current_hold(tx), manager.language
    if hold is None:
        return screen_with_title(say("restores.over", language))
    head = say("restores.head", language, backup=backup_moment(hold))
    counts = [
        say("restores.count", language, kind=say(f"restores.kind_{kind}", language), count=number)
        for kind, number in hold.counts.items()
    ] or [say("restores.nothing", language)]
    deciding = [say("restores.deciding", language, count=hold.deciding)] if hold.deciding else []
    first = _first_lines(tx, manager)
    shown = [say("restores.first", language), *first] if first else []
    rows = _buttons(hold, language, asked) if is_allowed(manager, Act.DECIDE_ON_RESTORE) else []
    return screen_with_title(head, *counts, *deciding, *shown, say("restores.hint", language), rows=rows)


def _first_lines(tx: Tx, manager: Manager) -> list[str]:
    """The oldest of each sort, since one broadcast may have more messages than all else together."""
    language, broadcast = manager.language, say("cards.author_broadcast", manager.language)
    lines = [
        f"{broadcast} #{row['id']} · {_excerpt(row['content_json']['variants'][0]['text'])}"
        for row in first_held.list_broadcasts(tx, limit=_SHOWN)
    ]
    lines += [_reply_line(tx, reply, manager) for reply in first_held.list_replies(tx, limit=_SHOWN)]
    lines += [
        f"{_name(row['name'])} · {say('cards.author_funnel', language)} {_excerpt(row['funnel'])}"
        for row in first_held.list_funnel_steps(tx, limit=_SHOWN)
    ]
    for row in first_held.list_messages(tx, limit=_SHOWN):
        what = say(f"cards.author_{row['class']}", language)
        lines.append(f"{_name(row['name'])} · {what} {_excerpt(row['text'] or row['kind'])}")
    return [f"• {line}" for line in lines]


def _reply_line(tx: Tx, reply: ScheduledReply, manager: Manager) -> str:
    """“#1 Anna · ⏰ 2026-12-01 18:00 · Maria: “Your parcel …””."""
    customer = customers.load(tx, dialogs.by_id(tx, reply.dialog_id).customer_id)
    at = moment_text(reply.send_at, time_zone_of(tx, manager))
    who, words = inline(reply.author.name), _excerpt(reply.excerpt(_TEXT))
    line = say("scheduled.card_line", manager.language, at=at, who=who, words=words)
    return f"#{reply.dialog_id} {_name(customer.name)} · {line}"


def _name(name: str) -> str:
    return inline(ellipsize(name, _NAME))


def _excerpt(text: str) -> str:
    return inline(ellipsize(text, _TEXT))


def _buttons(hold: Hold, language: str, asked: tuple[Verdict, str] | None) -> ButtonRows:
    """One row for everything, then one for each kind; the question of the second tap is the first row."""
    rows: ButtonRows = [[_ask(verdict, ALL, say(f"restores.{verdict}", language)) for verdict in Verdict]]
    for kind in hold.counts if len(hold.counts) > 1 else ():
        name = say(f"restores.kind_{kind}", language)
        rows.append(
            [_ask(verdict, kind, say(f"restores.{verdict}_kind", language, kind=name)) for verdict in Verdict]
        )
    if asked is None:
        return rows
    sure = callback_button(
        say(f"restores.sure_{asked[0]}", language), DeskVerb.DECIDE_ON_RESTORE, asked[0].value, asked[1]
    )
    keep = callback_button(say("manager.keep", language), DeskVerb.SHOW_RESTORE, 1)
    return [[sure, keep], *rows]


def _ask(verdict: Verdict, kind: str, caption: str) -> dict[str, str]:
    return callback_button(caption, DeskVerb.ASK_ON_RESTORE, verdict.value, str(kind))
