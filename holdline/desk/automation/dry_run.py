"""Dry run: on which of the last events a rule would have acted, judged by the present state of their dialogs; nothing
is done.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from holdline.desk.automation.steps import Occasion
from holdline.desk.automation.triggers import case_of
from holdline.dialogs.decisions.rule import CustomerWords, Rule, find_silences, matches
from holdline.store.automation import rule_events as events
from holdline.store.tx import Row, Tx

LOOKS_AT = 100
"""The number of events that a dry run looks at."""
_HISTORY = {"overdue": "dialog_overdue"}
"""Triggers that have another name in history."""


@dataclass(frozen=True, slots=True)
class TriedEvent:
    """An event on which the rule would have acted."""

    customer_id: int
    dialog_id: int | None
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many events were looked at, and those that match, the newest first."""

    looked_at: int
    matching: tuple[TriedEvent, ...]


def try_rule(tx: Tx, *, rule: Rule) -> DryRun:
    """Tries the rule, also one that is off."""
    looked_at = _last_events(tx, rule)
    would_act = _find_lasting_silences(tx, rule, looked_at) if rule.trigger == "no_reply" else looked_at
    found = [
        each
        for each in would_act
        if matches(rule.conditions, case_of(tx, rule, _occasion(each), at=_acts_at(rule, each)))
    ]
    return DryRun(len(looked_at), tuple(map(_match, found)))


def _last_events(tx: Tx, rule: Rule) -> list[Row]:
    match rule.trigger:
        case "first_message":
            return events.last_first_messages(tx, limit=LOOKS_AT)
        case "message" | "no_reply":
            return events.last_messages(tx, limit=LOOKS_AT)
    return events.last_events(tx, _HISTORY.get(rule.trigger, rule.trigger), limit=LOOKS_AT)


def _find_lasting_silences(tx: Tx, rule: Rule, messages: list[Row]) -> list[Row]:
    """The messages after which a silence lasted as long as the rule waits."""
    if not messages:
        return []
    replies = defaultdict(list)
    customers = {row["customer_id"] for row in messages}
    for reply in events.replies_to(tx, customers, since=messages[-1]["id"]):
        replies[reply["customer_id"]].append(reply["created_at"])
    words = [CustomerWords(row["id"], row["customer_id"], row["created_at"]) for row in reversed(messages)]
    lasted = find_silences(words, replies, length=rule.silence, at=tx.at)
    return [row for row in messages if row["id"] in lasted]


def _acts_at(rule: Rule, event: Row) -> datetime:
    at: datetime = event["created_at"]
    return at + rule.silence if rule.trigger == "no_reply" else at


def _occasion(event: Row) -> Occasion:
    return Occasion(event["customer_id"], event["dialog_id"], event.get("text", ""))


def _match(event: Row) -> TriedEvent:
    return TriedEvent(event["customer_id"], event["dialog_id"], event["created_at"], event.get("text", ""))
