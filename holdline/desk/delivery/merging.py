"""Merging: a customer's lines that the pace of a desk chat makes wait are sent in one call (decision 0029).

The lines keep their rows. While the call is in flight they refer to the row that sends them; afterwards they are
either all sent with it or wait separately again.
"""

from dataclasses import replace
from itertools import takewhile
from typing import Any

from holdline.desk.delivery.cooldown import pause_behind
from holdline.dialogs.audience import Audience
from holdline.dialogs.merging import MERGED_AT_MOST, MERGED_FROM, WORTH_MERGING, count_fitting, with_lines
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.kinds import traits_of
from holdline.dialogs.outbox.retry_notes import RetryNotes, payload_with_notes
from holdline.dialogs.text.richtext import RichText
from holdline.store.delivery import in_flight, merging
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action, Refused

_PLAIN = frozenset({"part", "parts", "inbox_item_id", "first", "album", "together"})
_SAME = ("kind", "place_id", "dialog_id")
_ABOUT_THE_CHAT = frozenset(
    {
        Action.TOPIC_LOST, Action.BLOCKED, Action.DEACTIVATED, Action.UNKNOWN_CHAT, Action.CHAT_STOPPED,
        Action.MIGRATED,
    }
)  # fmt: skip


def merge_waiting_lines(tx: Tx, item: Row, call: Call) -> Call:
    """Adds to the call the lines that would have to wait behind it; they are sent with it from now on."""
    if not _may_be_a_line(item) or call.method != "sendMessage":
        return call
    again = RetryNotes.of(item).together is not None
    if not again and pause_behind(tx, item) < WORTH_MERGING:
        return call
    waiting = merging.lines_to_merge(tx, item, most=MERGED_AT_MOST)
    if (not again and len(waiting) < MERGED_FROM) or waiting[0]["id"] != item["id"]:
        return call
    alike = _alike(waiting)
    if len(alike) < 2:
        return call
    messages = merging.messages_of(tx, alike)
    rows = _lock_prefix(tx, alike[: count_fitting(messages)])
    if len(rows) < 2:
        return call
    merging.merge(tx, item["id"], [row["id"] for row in rows])
    return _join_lines(call, [message.content for message in messages[1 : len(rows)]])


def separate(tx: Tx, item: Row) -> list[Row]:
    """Separates the lines of a call that did not arrive and returns the other lines, which wait on their own again;
    none if nothing was merged.
    """
    return [] if item["merged_into"] is None else merging.separate(tx, item["id"])


def expand_merged(tx: Tx, carried_out: list[tuple[Row, Any]]) -> list[tuple[Row, Any]]:
    """Adds every line that arrived in a merged call, with the call's result; the newest line of a call comes first."""
    firsts = {item["id"]: (item, result) for item, result in carried_out if item["merged_into"]}
    if not firsts:
        return carried_out
    others = []
    for row in merging.followers(tx, list(firsts)):
        item, result = firsts[row["merged_into"]]
        others.append(({**row, "chat_id": item["chat_id"], "begun_at": item["begun_at"]}, result))
    return [*others, *carried_out]


def keep_together(item: Row, others: list[Row]) -> list[Row]:
    """Marks the lines to stay together, because the call may have arrived: a repeat must be the same message, not its
    single lines.
    """
    if not others:
        return [item]
    return [{**row, "payload_json": payload_with_notes(row, together=item["id"])} for row in [item, *others]]


def is_about_the_chat(outcome: Refused) -> bool:
    """Whether the refusal would have met every line, sent alone or with others."""
    return outcome.action in _ABOUT_THE_CHAT


def requeue_apart(tx: Tx, items: list[Row], outcome: Refused) -> None:
    """Queues the lines separately after Telegram refused them as one, so that only the line at fault is refused."""
    for item in items:
        payload = payload_with_notes(item, apart=True)
        reason = outcome.description[:300]
        in_flight.settle(
            tx, item["id"], "queued", payload_json=payload, error=reason, error_code=outcome.code
        )


def _may_be_a_line(item: Row) -> bool:
    """Whether the item is a customer's whole message shown to the desk, with no fallback applied. First cards are
    excluded, because they have buttons.
    """
    payload = item["payload_json"]
    whole = payload.get("parts", 1) == 1 and not payload.get("first") and not payload.get("album")
    return (
        traits_of(item).may_merge and item["audience"] == Audience.DESK and whole and payload.keys() <= _PLAIN
    )


def _alike(waiting: list[Row]) -> list[Row]:
    """The lines from the start, up to the first of another kind or for another place."""
    rows: list[Row] = []
    for row in waiting:
        if not _may_be_a_line(row) or not _was_just_written(row) or (rows and not _goes_below(row, rows[-1])):
            break
        rows.append(row)
    return rows


def _was_just_written(row: Row) -> bool:
    """Whether the message was shown as it was written. What a dialog takes up from before is not merged."""
    return bool(row["written_at"] == row["created_at"])


def _goes_below(row: Row, before: Row) -> bool:
    payload, above = row["payload_json"], before["payload_json"]
    same_mark = all(payload.get(name) == above.get(name) for name in ("inbox_item_id", "together"))
    newer = row["message_id"] > before["message_id"]
    return newer and same_mark and all(row[name] == before[name] for name in _SAME)


def _lock_prefix(tx: Tx, rows: list[Row]) -> list[Row]:
    """The rows from the start that nobody else is changing now; the order is kept, even if fewer lines are merged."""
    if len(rows) < 2:
        return []
    locked = merging.lock_waiting(tx, [row["id"] for row in rows])
    return list(takewhile(lambda row: row["id"] in locked, rows))


def _join_lines(call: Call, contents: list[Content]) -> Call:
    text = with_lines(RichText(call.params["text"], tuple(call.params.get("entities", ()))), contents)
    entities = {"entities": list(text.entities)} if text.entities else {}
    return replace(call, params={**call.params, "text": text.text, **entities})
