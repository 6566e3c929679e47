"""What follows from a refusal, by its action in the table of answers."""

from typing import assert_never

from holdline.desk.delivery import discard as ends
from holdline.desk.delivery import failure_notices as notices
from holdline.desk.delivery.closed_groups import stop_group
from holdline.desk.delivery.group_migration import requeue_after_migration
from holdline.desk.delivery.success import record_sent
from holdline.desk.delivery.topics import replace_lost_topic, use_messages_with_header
from holdline.desk.notices.copy_edits import replace_copy_if_edit_refused
from holdline.desk.notices.sent_notices import note_refused_mark
from holdline.desk.record import record
from holdline.dialogs.audience import Audience
from holdline.dialogs.event import SYSTEM, Event, EventKind
from holdline.dialogs.gate import is_marketing
from holdline.dialogs.outbox.changes import CopyEdit, DeliveryMark, DeskNoticeEdit
from holdline.dialogs.outbox.kinds import is_change, kind_of, traits_of
from holdline.dialogs.outbox.retry_notes import RetryNotes, payload_with_notes
from holdline.store.broadcasts import cards
from holdline.store.delivery import in_flight
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.telegram.outcomes import FRONT_LIMIT, Action, Refused, RetryLater

TRIES = {Action.TRY_AGAIN: 2, Action.MEDIA: 3, Action.UNPAID: 3}
_REACH = {Action.BLOCKED: "blocked", Action.DEACTIVATED: "deactivated", Action.UNKNOWN_CHAT: "unknown"}


def handle_refusal(tx: Tx, item: Row, chat: Row, outcome: Refused) -> None:
    """Ends the item, changes it or queues it again; the caller frees the chat."""
    reason, code = outcome.description, outcome.code
    match outcome.action:
        case Action.DONE:
            record_sent(tx, [(item, None)])
        case Action.GONE:
            _end_change(tx, item, reason, code)
        case Action.PARK:
            _end_item(tx, item, reason, code)
        case Action.TRY_AGAIN | Action.MEDIA | Action.UNPAID:
            _try_again(tx, item, outcome)
        case Action.PLAIN | Action.NO_QUOTE | Action.NO_BUTTONS:
            _mend(tx, item, outcome.action, reason, code)
        case Action.TOPIC_LOST:
            replace_lost_topic(tx, item, reason, code=code)
        case Action.NO_TOPICS:
            use_messages_with_header(tx, item, reason, code=code)
        case Action.BLOCKED | Action.DEACTIVATED | Action.UNKNOWN_CHAT:
            _handle_closed_chat(tx, item, chat, outcome)
        case Action.CHAT_STOPPED:
            _stop_chat(tx, item, chat, outcome)
        case Action.BY_FILE | Action.IN_WORDS:
            _send_another_way(tx, item, outcome)
        case Action.MIGRATED:
            requeue_after_migration(tx, item, outcome.new_chat_id or item["chat_id"], reason)
        case _:
            assert_never(outcome.action)


def handle_front_refusal(tx: Tx, item: Row, later: RetryLater) -> int:
    """A proxy answered with a page instead of Telegram. The item is tried again, but not for ever. Returns how many
    pages there were for this item.
    """
    pages = RetryNotes.of(item).pages + 1
    if pages < FRONT_LIMIT:
        payload = payload_with_notes(item, pages=pages)
        in_flight.settle(tx, item["id"], "queued", payload_json=payload, error=later.reason)
    elif is_change(item):
        _end_change(tx, item, later.reason, later.code or 0)
    else:
        ends.park(tx, item, later.reason, code=later.code, key="delivery.uncertain")
    return pages


def _end_change(tx: Tx, item: Row, reason: str, code: int) -> None:
    """Ends a change whose message cannot be changed any longer. If somebody asked for the change, they are notified."""
    if not is_change(item):
        ends.park(tx, item, reason, code=code)
        return
    ends.give_up(tx, item, "cancelled", reason, code=code)
    if kind_of(item) is DeliveryMark:
        note_refused_mark(tx, item, reason)
        return
    if kind_of(item) is DeskNoticeEdit:
        cards.end(tx, DeskNoticeEdit.of(item).said_as)
        return
    if kind_of(item) is CopyEdit and item["message_id"] is not None:
        where = {"chat_id": item["chat_id"], "tg_message_id": CopyEdit.of(item).tg_message_id}
        if replace_copy_if_edit_refused(tx, item["message_id"], **where):
            return
    _notify_of_refused_change(tx, item, reason)


def _notify_of_refused_change(tx: Tx, item: Row, reason: str) -> None:
    """Notifies the manager who edited or deleted a message that the customer still sees it as it was."""
    if item["audience"] == Audience.CUSTOMER and traits_of(item).is_correction:
        notices.notify(tx, item, "delivery.change_refused", reason=reason)


def _end_item(tx: Tx, item: Row, reason: str, code: int) -> None:
    if is_change(item):
        _end_change(tx, item, reason, code)
    else:
        ends.park(tx, item, reason, code=code)


def _try_again(tx: Tx, item: Row, outcome: Refused) -> None:
    """Tries a few times, at growing intervals; the chat waits, so that the order is kept."""
    failures = item["failures"] + 1
    if failures >= TRIES[outcome.action]:
        _end_item(tx, {**item, "failures": failures}, outcome.description, outcome.code)
        return
    in_flight.settle(
        tx, item["id"], "queued", failures=failures, error=outcome.description[:300], error_code=outcome.code
    )


def _mend(tx: Tx, item: Row, mend: Action, reason: str, code: int) -> None:
    """Sends the same words once more without what was refused. Not for a change of buttons without its buttons, nor for
    a broadcast without its buttons or formatting: that is for its author to decide.
    """
    mends = RetryNotes.of(item).mends
    is_essential = item["broadcast_id"] is not None and mend in (Action.PLAIN, Action.NO_BUTTONS)
    is_essential = is_essential or (mend is Action.NO_BUTTONS and traits_of(item).needs_buttons)
    if mend.value in mends or is_essential:
        _end_item(tx, item, reason, code)
        return
    payload = payload_with_notes(item, mends=(*mends, mend.value))
    in_flight.settle(tx, item["id"], "queued", payload_json=payload, error=reason[:300], error_code=code)
    if (
        mend is Action.NO_BUTTONS
        and item["customer_id"] is not None
        and item["audience"] == Audience.CUSTOMER
    ):
        data = {"outbox_id": item["id"], "message_id": item["message_id"], "reason": reason}
        record(
            tx, [Event(EventKind.BUTTONS_LEFT_OUT, SYSTEM, item["customer_id"], item["dialog_id"], data=data)]
        )


def _send_another_way(tx: Tx, item: Row, outcome: Refused) -> None:
    """Sends an item from its file if its original was deleted before it was copied, or as text."""
    if outcome.action is Action.IN_WORDS or RetryNotes.of(item).by_file:
        _in_words(tx, item, outcome)
        return
    changed, reason = payload_with_notes(item, by_file=True), outcome.description[:300]
    in_flight.settle(tx, item["id"], "queued", payload_json=changed, error=reason, error_code=outcome.code)


def _in_words(tx: Tx, item: Row, outcome: Refused) -> None:
    """Sends the desk a text instead, if this kind of message is not allowed there; anything else is parked."""
    if is_change(item):
        _end_change(tx, item, outcome.description, outcome.code)
        return
    if (
        item["audience"] == Audience.CUSTOMER
        or RetryNotes.of(item).in_words
        or not traits_of(item).has_text_fallback
    ):
        ends.park(tx, item, outcome.description, code=outcome.code)
        return
    changed = payload_with_notes(item, in_words=True)
    reason = outcome.description[:300]
    in_flight.settle(tx, item["id"], "queued", payload_json=changed, error=reason, error_code=outcome.code)


def _handle_closed_chat(tx: Tx, item: Row, chat: Row, outcome: Refused) -> None:
    """Handles a chat that cannot be reached: a customer's marketing ends and the author is notified; a manager's views
    go elsewhere.
    """
    reason, code = outcome.description, outcome.code
    if item["audience"] == Audience.DESK and item["chat_id"] < 0:
        _stop_chat(tx, item, chat, outcome)
        return
    if outcome.action is Action.UNKNOWN_CHAT and not RetryNotes.of(item).doubted:
        payload = payload_with_notes(item, doubted=True)  # a single such answer may be wrong
        in_flight.settle(tx, item["id"], "queued", payload_json=payload, error=reason[:300], error_code=code)
        return
    reach = _REACH[outcome.action]
    if chat["customer_id"] is not None:
        _unreachable(tx, chat["customer_id"], reach)
    if item["audience"] == Audience.DESK:
        ends.give_up_desk_chat(tx, item, reason, code=code)
    elif is_marketing(item["class"]) or is_change(item):
        ends.give_up(tx, item, "cancelled", reach, code=code)
        _notify_of_refused_change(tx, item, reason)
    else:
        ends.park(tx, item, reason, code=code, key=f"delivery.{reach}")


def _unreachable(tx: Tx, customer_id: int, reach: str) -> None:
    customer = customers.by_id(tx, customer_id)
    if customer is None or customer.reach == reach:
        return
    customers.set_reach(tx, customer_id, reach)
    record(tx, [Event(EventKind.BECAME_UNREACHABLE, SYSTEM, customer_id, data={"reach": reach})])


def _stop_chat(tx: Tx, item: Row, chat: Row, outcome: Refused) -> None:
    if item["chat_id"] > 0:
        ends.park(tx, item, outcome.description, code=outcome.code, key="delivery.unknown")
        return
    stop_group(tx, item, chat, outcome)
