"""Broadcasts as managers create and move them: each act checks the permission and updates the card."""

from holdline.desk.broadcasts.cards import redraw_cards, show_card
from holdline.desk.broadcasts.changing import delete_sent, edit_broadcast
from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast, refuse_unsendable_broadcast
from holdline.desk.broadcasts.messages import BroadcastSample, show_content
from holdline.desk.broadcasts.moves import cancel_broadcast, pause_broadcast, resume_broadcast
from holdline.desk.broadcasts.plan_changes import PlanChange, change_plan
from holdline.desk.broadcasts.reading import BroadcastProgress
from holdline.desk.people.managers import require_permission
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import (
    Broadcast,
    BroadcastAuthor,
    BroadcastUnchangeable,
    BroadcastVerb,
    refuse_started,
    refuse_too_old,
)
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.marketing import RecipientsFile
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.dialogs.text.richtext import RichText
from holdline.store.broadcasts import broadcasts
from holdline.store.delivery import outbox
from holdline.store.tx import Tx

_MOVES = {
    BroadcastVerb.PAUSE: pause_broadcast,
    BroadcastVerb.RESUME: resume_broadcast,
    BroadcastVerb.CANCEL: cancel_broadcast,
}


def start_broadcast(
    tx: Tx, *, manager: Manager, order: BroadcastOrder, expected: int, to: Address
) -> BroadcastProgress:
    """Creates the broadcast, which begins at its time, and shows its card where it was started."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    started = create_broadcast(
        tx, order=order, author=BroadcastAuthor(manager_id=manager.id), expected=expected
    )
    show_card(tx, broadcast_id=started.broadcast.id, to=to, cause="start")
    return started


def move_broadcast(tx: Tx, *, manager: Manager, broadcast_id: int, verb: BroadcastVerb) -> BroadcastProgress:
    """Pauses, resumes or cancels it; raises BroadcastRefused if that is done already."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    moved = _MOVES[verb](tx, broadcast_id=broadcast_id)
    redraw_cards(tx, broadcast_id=broadcast_id)
    return moved


def plannable_broadcast(tx: Tx, *, manager: Manager, broadcast_id: int) -> Broadcast:
    """The broadcast, if that manager may still change its time and audience; raises BroadcastStarted if nobody can."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    broadcast = broadcasts.load(tx, broadcast_id)
    refuse_started(broadcast)
    return broadcast


def replan(tx: Tx, *, manager: Manager, broadcast_id: int, change: PlanChange) -> BroadcastProgress:
    """Changes its start time or its audience."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    changed = change_plan(tx, broadcast_id=broadcast_id, change=change)
    redraw_cards(tx, broadcast_id=broadcast_id)
    return changed


def changeable_broadcast(tx: Tx, *, manager: Manager, broadcast_id: int) -> Broadcast:
    """The broadcast, if that manager may still change its text or delete its messages."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    broadcast = broadcasts.load(tx, broadcast_id)
    refuse_too_old(broadcast, at=tx.at)
    return broadcast


def change_words(
    tx: Tx, *, manager: Manager, broadcast_id: int, words: RichText, variant: int
) -> BroadcastProgress:
    """Changes the text of one variant, also in messages already sent."""
    broadcast = changeable_broadcast(tx, manager=manager, broadcast_id=broadcast_id)
    all_words = [each.words for each in broadcast.content.variants]
    all_words[variant] = words
    changed = edit_broadcast(tx, broadcast_id=broadcast_id, words=all_words)
    redraw_cards(tx, broadcast_id=broadcast_id)
    return changed


def take_back(tx: Tx, *, manager: Manager, broadcast_id: int) -> BroadcastProgress:
    """Deletes the messages sent within 48 hours; customers who still wait never get one."""
    changeable_broadcast(tx, manager=manager, broadcast_id=broadcast_id)
    changed = delete_sent(tx, broadcast_id=broadcast_id)
    redraw_cards(tx, broadcast_id=broadcast_id)
    return changed


MOST_EXPORTED = 300_000
"""The most lines of some 80 bytes each: a bot may send a file of at most 50 MB."""


def export_recipients(tx: Tx, *, manager: Manager, broadcast_id: int, to: Address, key: str) -> None:
    """Sends the list as a file, made when it is sent; once per `key`."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    if broadcasts.figures_of(tx, broadcasts.load(tx, broadcast_id).id).recipients > MOST_EXPORTED:
        raise BroadcastUnchangeable(broadcast_id, "too_large")
    outbox.add(tx, [Outgoing(to, RecipientsFile(broadcast_id), key)])


def show_sample(tx: Tx, *, manager: Manager, order: BroadcastOrder, to: Address, key: str) -> None:
    """Shows only this manager the message as a customer with their name would read it."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    refuse_unsendable_broadcast(tx, order=order)
    show_content(tx, BroadcastSample(order.content, topic=order.topic), manager, to, key=key)
