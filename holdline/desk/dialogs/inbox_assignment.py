"""Assigning a waiting Inbox item to a colleague or a team, and taking it back."""

import secrets

from holdline.desk.people import participants
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.address import Address
from holdline.dialogs.decisions.inbox_items import InboxItem, assign_item
from holdline.dialogs.event import Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act, act_of_assigning, is_allowed
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import DeskVerb, button_data
from holdline.store.delivery import chats, outbox
from holdline.store.dialogs import inbox_items
from holdline.store.people import managers, teams
from holdline.store.tx import Row, Tx

WORDS_SHOWN = 300


def assign_inbox_item(tx: Tx, *, manager: Manager, item_id: int, assignee_telegram_id: int | None) -> Row:
    """Assigns the item and notifies the new assignee; None takes it back. It waits until it is answered, ignored or
    becomes a dialog.
    """
    item = _lock_item(tx, manager, item_id)
    target = None
    if assignee_telegram_id is not None:
        target = participants.lock_colleague(tx, assignee_telegram_id)
        require_permission(tx, manager, act_of_assigning(target, by=manager))
    event = assign_item(item, target.as_person() if target else None, by=manager.as_actor())
    return _save(tx, item_id, event, assignee_id=target.id if target else None)


def assign_inbox_item_to_team(tx: Tx, *, manager: Manager, item_id: int, team: str | None) -> Row:
    """Gives the item to a team, where any member may handle it; None takes it out of its team."""
    item = _lock_item(tx, manager, item_id)
    chosen = teams.find(tx, team) if team is not None else None
    if team is not None:
        require_permission(tx, manager, Act.GIVE_DIALOG)
        if chosen is None:
            raise NotFound("team", team)
    event = assign_item(item, None, by=manager.as_actor(), team=chosen.name if chosen else None)
    return _save(tx, item_id, event, team_id=chosen.id if chosen else None)


def _lock_item(tx: Tx, manager: Manager, item_id: int) -> InboxItem:
    require_permission(tx, manager, Act.HANDLE_INBOX_ITEM)
    chats.lock_for_customer(tx, inbox_items.by_id(tx, item_id)["customer_id"])
    return inbox_items.load_locked(tx, item_id)


def _save(
    tx: Tx, item_id: int, event: Event | None, *, assignee_id: int | None = None, team_id: int | None = None
) -> Row:
    if event is not None:
        inbox_items.set_assignee(tx, item_id, assignee_id=assignee_id, team_id=team_id)
        record(tx, [event])
    return inbox_items.by_id_with_names(tx, item_id)


def notify_inbox_assignee(tx: Tx, event: Event) -> None:
    """Notifies the new assignee, unless they took it themselves, with the first words and the buttons to handle it."""
    telegram_id = event.data["to_telegram_id"]
    if telegram_id is None or telegram_id == event.actor.telegram_id:
        return
    item = inbox_items.by_id_with_names(tx, event.data["inbox_item_id"])
    words = {
        "who": event.actor.name,
        "name": item["customer_name"],
        "words": truncate(item["first_text"] or "…", WORDS_SHOWN),
    }
    reader = managers.by_telegram_id(tx, telegram_id)
    answer = {
        "key": "cards.button_answer",
        "data": button_data(DeskVerb.ANSWER_CUSTOMER, item["customer_id"]),
    }
    buttons = [
        *([answer] if reader is not None and is_allowed(reader, Act.REPLY) else []),
        {"key": "cards.button_dialog", "data": button_data(DeskVerb.OPEN_FROM_INBOX, item["id"])},
    ]
    notice = DeskNotice("desk_notices.inbox_assigned_to_you", words, buttons=[buttons])
    key = f"inbox_assigned:{item['id']}:{telegram_id}:{secrets.token_hex(6)}"
    outbox.add(tx, [Outgoing(Address(telegram_id), notice, key, customer_id=event.customer_id)])
