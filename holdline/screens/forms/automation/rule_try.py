"""The dry run of a rule, shown before it is switched on."""

from holdline.desk.automation.dry_run import LOOKS_AT, TriedEvent, try_rule
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.decisions.rule import Rule
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import minute_text
from holdline.dialogs.verbs import DialogVerb
from holdline.screens.keyboards import ButtonRows, arrange_in_rows, callback_button, ellipsize
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say

_SHOWN = 10
_WORDS = 60
_LINKS = 4


def dry_run_lines(tx: Tx, rule: Rule, manager: Manager) -> tuple[list[str], ButtonRows]:
    """How often, when and for whom it would have acted, and links to the dialogs."""
    language, zone = manager.language, time_zone_of(tx, manager)
    run = try_rule(tx, rule=rule)
    what = say(f"rules.on_{rule.trigger}", language)
    if not run.looked_at:
        return [say("rules.try_nothing_yet", language, what=what)], []
    count, looked_at = len(run.matching), run.looked_at
    head = say("rules.try_result", language, what=what, looked_at=looked_at, limit=LOOKS_AT, count=count)
    lines = [f"• {_event_line(tx, each, zone, language)}" for each in run.matching[:_SHOWN]]
    more = [say("rules.try_more", language, count=count - _SHOWN)] if count > _SHOWN else []
    ids = dict.fromkeys(each.dialog_id for each in run.matching[:_SHOWN] if each.dialog_id is not None)
    links = [callback_button(f"➡️ #{each}", DialogVerb.GO_TO, each) for each in list(ids)[:_LINKS]]
    return [head, *lines, *more], arrange_in_rows(links, _LINKS)


def _event_line(tx: Tx, event: TriedEvent, zone: str, language: str) -> str:
    text = inline(ellipsize(event.text, _WORDS)) if event.text.strip() else ""
    words = f" {say('rules.quoted', language, text=text)}" if text else ""
    return f"{minute_text(event.at, zone)} · {_event_subject(tx, event)}{words}"


def _event_subject(tx: Tx, event: TriedEvent) -> str:
    try:
        dialog = dialogs.by_id(tx, event.dialog_id) if event.dialog_id is not None else None
    except NotFound:
        dialog = None
    if dialog is not None:
        return f"#{dialog.id} {inline(ellipsize(dialog.title))}"
    return inline(customers.load(tx, event.customer_id).name)
