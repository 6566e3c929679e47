"""What triggers rules: reactions to events, and silence that has lasted long enough.

What a rule does triggers no rules, with one exception: an opening or a close by a rule triggers the rules for
openings and closes, each once.
"""

from datetime import datetime

from holdline.desk.automation.hours import is_outside_hours
from holdline.desk.automation.steps import Occasion, act
from holdline.desk.funnels.answers import is_answer
from holdline.dialogs.decisions.rule import OF_MESSAGES, Case, Rule, Trigger, matches
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.refusal import NotFound
from holdline.store.automation import desk_rules, rule_runs
from holdline.store.delivery import chats
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx

_OF_EVENTS: dict[EventKind, Trigger] = {
    EventKind.DIALOG_OPENED: "dialog_opened",
    EventKind.DIALOG_CHANGED: "dialog_changed",
    EventKind.DIALOG_OVERDUE: "overdue",
    EventKind.DIALOG_CLOSED: "dialog_closed",
}


def follow_rules_of_messages(tx: Tx, event: Event) -> None:
    """Runs rules for first messages before the others, so that a dialog that they open exists for these."""
    rules = _active(tx)
    if not rules or event.message is None:
        return
    taken = is_answer(tx, event.message.id)
    occasion = Occasion(event.customer_id, event.dialog_id, event.message.content.text, is_taken=taken)
    if event.arrival is not None and event.arrival.is_first:
        occasion = run_rules(tx, "first_message", occasion)
    occasion = run_rules(tx, "message", occasion)
    for rule in rules:
        if rule.trigger == "no_reply":
            desk_rules.wait_for_silence(
                tx,
                rule.id,
                customer_id=occasion.customer_id,
                dialog_id=occasion.dialog_id,
                due_at=tx.at + rule.silence,
            )


def follow_rules(tx: Tx, event: Event) -> None:
    """Runs the rules for the event, unless a rule caused it."""
    if event.actor.kind != "rule":
        run_rules(tx, _OF_EVENTS[event.kind], Occasion(event.customer_id, event.dialog_id))


def end_silence(tx: Tx, event: Event) -> None:
    """Ends the waits for silence: a person has answered, or the dialog is paused or closed, so no answer is due."""
    if any(rule.trigger == "no_reply" for rule in desk_rules.list_all(tx)):
        desk_rules.end_waits(tx, event.customer_id)


def act_on_silence(tx: Tx, skip: int = 0) -> int:
    """Runs the rule that has waited longest, after `skip` others; returns 0 if none is due. Called by the timer."""
    wait = desk_rules.next_due(tx, skip=skip)
    if wait is None:
        return 0
    chats.lock_for_customer(tx, wait["customer_id"])
    if desk_rules.take_wait(tx, wait):
        occasion = Occasion(wait["customer_id"], dialogs.active_id(tx, wait["customer_id"]))
        for rule in _active(tx):
            if rule.id == wait["rule_id"]:
                _follow(tx, rule, occasion, frozenset())
    return 1


def run_rules(
    tx: Tx, trigger: Trigger, occasion: Occasion, *, acting: frozenset[int] = frozenset()
) -> Occasion:
    """Runs all rules of that trigger, in order. `acting`: rules that led here, which do not run again."""
    for rule in _active(tx):
        if rule.trigger == trigger and rule.id not in acting:
            occasion = _follow(tx, rule, occasion, acting)
    return occasion


def case_of(tx: Tx, rule: Rule, occasion: Occasion, *, at: datetime) -> Case:
    """The dialog as it is now and the hours as they were at that moment; text and hours are read only for a rule that
    uses them.
    """
    try:
        dialog = dialogs.by_id(tx, occasion.dialog_id) if occasion.dialog_id is not None else None
    except NotFound:
        dialog = None
    text = occasion.text
    if rule.conditions.text_contains and rule.trigger not in OF_MESSAGES and dialog is not None:
        words = desk_rules.words_of_dialog(tx, dialog.id)
        text = "\n".join([dialog.title, dialog.description, words])
    asks_hours = rule.conditions.outside_hours is not None
    return Case(text, dialog, is_outside_hours(tx, at) if asks_hours else None)


def _follow(tx: Tx, rule: Rule, occasion: Occasion, acting: frozenset[int]) -> Occasion:
    if not matches(rule.conditions, case_of(tx, rule, occasion, at=tx.at)):
        return occasion
    acting = acting | {rule.id}
    done = act(tx, rule, occasion)
    where = done.occasion
    rule_runs.add(tx, rule.id, customer_id=where.customer_id, dialog_id=where.dialog_id)
    for trigger in done.sets_off:
        run_rules(tx, trigger, done.occasion, acting=acting)
    return done.occasion


def _active(tx: Tx) -> list[Rule]:
    return [rule for rule in desk_rules.list_all(tx) if rule.active]
