"""The desk's smart replies, and who may edit them (desk/smart_replies/answering.py gives the answers)."""

from dataclasses import asdict, replace
from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.dialogs.automation.order import move
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.smart_replies.smart_reply import (
    LONGEST_NAME,
    MOST_REPLIES,
    ReplyCounts,
    SmartReply,
    valid_answer,
    valid_questions,
    valid_when,
)
from holdline.dialogs.text.patterns import valid_regex, valid_words
from holdline.dialogs.text.wording import one_line
from holdline.store.dialogs import calendars
from holdline.store.people import admin_log
from holdline.store.smart_replies import smart_replies
from holdline.store.tx import Tx

CountedReply = tuple[SmartReply, ReplyCounts]
_EMPTY = SmartReply(0, "", "")


def list_smart_replies(tx: Tx) -> list[CountedReply]:
    """All replies, in the order in which they are tried, each with the number of its answers."""
    counts = smart_replies.counts(tx)
    return [(reply, counts.get(reply.id, ReplyCounts())) for reply in smart_replies.list_all(tx)]


def find_smart_reply(tx: Tx, reply_id: int) -> CountedReply:
    """The reply; raises NotFound if there is none or it was deleted."""
    reply = smart_replies.by_id(tx, reply_id)
    if reply is None:
        raise NotFound("smart reply", reply_id)
    return reply, smart_replies.counts(tx, reply_id).get(reply_id, ReplyCounts())


def add_smart_reply(tx: Tx, *, manager: Manager | None, values: dict[str, Any]) -> CountedReply:
    """Adds a reply. `values`: name, answer, one or more of any_of, regex and questions, and hours, when, active."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    if smart_replies.count(tx) >= MOST_REPLIES:
        raise BadInput("name", "smart.too_many", limit=MOST_REPLIES)
    added = find_smart_reply(tx, smart_replies.insert(tx, _columns(_with_values(tx, _EMPTY, values))))
    about = f"smart_reply:{added[0].id}"
    admin_log.add(tx, manager, "smart_reply_added", about=about, after=asdict(added[0]))
    return added


def change_smart_reply(
    tx: Tx, *, manager: Manager | None, reply_id: int, values: dict[str, Any]
) -> CountedReply:
    """Changes only the given values."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    before, counts = find_smart_reply(tx, reply_id)
    after = _with_values(tx, before, values)
    if after != before:
        smart_replies.update(tx, reply_id, _columns(after))
        about = f"smart_reply:{reply_id}"
        changes = {"before": asdict(before), "after": asdict(after)}
        admin_log.add(tx, manager, "smart_reply_changed", about=about, **changes)
    return after, counts


def move_smart_reply(tx: Tx, *, manager: Manager | None, reply_id: int, up: bool) -> None:
    """Moves the reply one place up or down; does nothing at the end of the list."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    ordered = smart_replies.list_all(tx)
    moved = next((reply for reply in ordered if reply.id == reply_id), None)
    if moved is None:
        raise NotFound("smart reply", reply_id)
    place = ordered.index(moved) + 1
    to = place - 1 if up else place + 1
    if not 1 <= to <= len(ordered):
        return
    after = move(ordered, moved, to=to)
    smart_replies.set_positions(tx, [reply for reply in after if reply not in ordered])
    about = f"smart_reply:{reply_id}"
    admin_log.add(tx, manager, "smart_reply_moved", about=about, before=place, after=to)


def remove_smart_reply(tx: Tx, *, manager: Manager | None, reply_id: int) -> None:
    """Deletes the reply; answers that it gave stay. `restore_smart_reply` undoes it."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    before, _ = find_smart_reply(tx, reply_id)
    smart_replies.soft_delete(tx, reply_id, deleted=True)
    about = f"smart_reply:{reply_id}"
    admin_log.add(tx, manager, "smart_reply_deleted", about=about, before=asdict(before))


def restore_smart_reply(tx: Tx, *, manager: Manager, reply_id: int) -> None:
    """Restores a deleted reply at its former place."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    smart_replies.soft_delete(tx, reply_id, deleted=False)
    restored, _ = find_smart_reply(tx, reply_id)
    about = f"smart_reply:{reply_id}"
    admin_log.add(tx, manager, "smart_reply_restored", about=about, after=asdict(restored))


def _with_values(tx: Tx, reply: SmartReply, values: dict[str, Any]) -> SmartReply:
    """The reply with the values; raises BadInput with the field's name. Null clears an expression, hours, or a
    question.
    """
    changes = {name: _value(name, value) for name, value in values.items() if name in _PLAIN}
    if "hours" in values:
        changes |= _hours(tx, values["hours"])
    if "question" in values or "questions" in values:
        first = [values["question"]] if values.get("question") is not None else []
        changes["questions"] = tuple(valid_questions([*first, *(values.get("questions") or ())]))
    after: SmartReply = replace(reply, **changes)
    if not after.any_of and after.regex is None and not after.questions:
        raise BadInput("question", "smart.asks_nothing")
    return after


_PLAIN = frozenset({"name", "answer", "any_of", "regex", "when", "active"})


def _value(name: str, value: Any) -> Any:
    match name:
        case "name":
            return one_line(value, field=name, limit=LONGEST_NAME)
        case "answer":
            return valid_answer(value)
        case "any_of":
            return tuple(valid_words(value or ()))
        case "regex":
            return valid_regex(value)
        case "when":
            return valid_when(value)
        case _:
            return bool(value)


def _hours(tx: Tx, name: str | None) -> dict[str, Any]:
    if name is None:
        return {"hours": None, "calendar_id": None}
    for calendar in calendars.all_calendars(tx):
        if calendar.name.casefold() == name.strip().casefold():
            return {"hours": calendar.name, "calendar_id": calendar.id}
    raise BadInput("hours", "smart.no_calendar", name=name)


def _columns(reply: SmartReply) -> dict[str, Any]:
    return {
        "name": reply.name,
        "answer": reply.answer,
        "words": list(reply.any_of),
        "regex": reply.regex,
        "questions": list(reply.questions),
        "calendar_id": reply.calendar_id,
        "hours_when": reply.when,
        "active": reply.active,
    }
