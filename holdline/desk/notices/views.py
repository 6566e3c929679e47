"""What the desk is shown: every view is put into the outbox, and none is the source of truth."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from holdline.desk.notices import places
from holdline.desk.notices.copy_edits import edit_item
from holdline.desk.notices.resume_offers import next_offer_key
from holdline.dialogs.address import Address
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event
from holdline.dialogs.outbox.changes import InboxCardMarkup, InfoCardEdit, Markup, TopicName
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.delivery import outbox, telegram_messages
from holdline.store.dialogs import dialogs, inbox_items, place_threads
from holdline.store.dialogs import places as place_rows
from holdline.store.people import managers
from holdline.store.tx import EPOCH, Row, Tx
from holdline.telegram.pacing import CARD_PAUSE, NAME_PAUSE, collapse_delay

Button = dict[str, Any]
Buttons = list[list[Button]]
PAUSED_CARDS, MORE_CARDS = 5, 2
Where = tuple[int, int | None]
"""A chat and a thread in it."""

Line = dict[str, Any]
"""A sentence of ours, rendered in the reader's language: `key` and `words`."""


def is_shown_in(place: Row, where: Where) -> bool:
    """Whether the place shows what was written there: a topic only what was written in it, a chat without topics
    everything.
    """
    chat_id, thread_id = where
    return bool(place["chat_id"] == chat_id and (place["mode"] != "topic" or place["thread_id"] == thread_id))


def refresh_inbox_cards(tx: Tx, item_id: int) -> None:
    """Updates the buttons of the item's cards to its present state."""
    for card in telegram_messages.cards_of_inbox_item(tx, item_id)[:20]:
        outbox.add(
            tx,
            [
                Outgoing(
                    to=Address(card["chat_id"]),
                    item=InboxCardMarkup(item_id, card["tg_message_id"]),
                    key=f"item:{item_id}:{card['tg_message_id']}:{_once()}",
                    message_id=card["message_id"],
                    collapse_key=f"item:{item_id}:{card['chat_id']}:{card['tg_message_id']}",
                )
            ],
        )


def refresh_cards(tx: Tx, dialog: Dialog, *, renamed: bool = False, counted: bool = False) -> None:
    """Updates the dialog's cards; topic names only if state or title changed, and not too often. `counted`: only the
    number of held messages changed; such updates are collected for a moment.
    """
    card_at = tx.at + collapse_delay(CARD_PAUSE, tx.rules) if counted else tx.at
    for place in place_rows.of_dialog(tx, dialog.id):
        outbox.add(tx, [_card_again(tx, place) or _refresh_item(InfoCardEdit(), place, card_at)])
        if renamed and place["mode"] == "topic":
            name_at = max(tx.at, (place["named_at"] or EPOCH) + collapse_delay(NAME_PAUSE, tx.rules))
            if outbox.add(tx, [_refresh_item(TopicName(), place, name_at)]):
                place_threads.set_rename_time(tx, place["id"], name_at)


def _card_again(tx: Tx, place: Row) -> Outgoing | None:
    """Another card if the first one was parked: without one there is nothing to change, and nobody has its buttons."""
    if place["card_tg_message_id"] is not None:
        return None
    first = places.first_card(place)
    for key in (first.key, *(f"{first.key}:again:{number}" for number in range(MORE_CARDS))):
        status = outbox.status_of(tx, key)
        if status != "parked":
            return replace(first, key=key) if status is None else None
    return None


def refresh_people_on_cards(tx: Tx, dialog: Dialog) -> None:
    """Updates the people on the dialog's cards, and on Inbox cards of messages that came while it was paused."""
    refresh_cards(tx, dialog)
    if dialog.state != "paused":
        return
    for card in telegram_messages.first_cards_waiting(tx, dialog.customer_id):
        outbox.add(tx, [edit_item(tx, card)])


def end_place(tx: Tx, place: Row) -> None:
    """Ends the place: it shows its dialog no longer. A topic's name says so, and its card loses its buttons."""
    place_rows.end(tx, place["id"])
    if place["mode"] == "topic" and place["thread_id"] is not None:
        outbox.add(tx, [_refresh_item(TopicName(), place, tx.at)])
    if place["card_tg_message_id"] is not None:
        outbox.add(tx, [_refresh_item(Markup(place["card_tg_message_id"]), place, tx.at)])


def refresh_reach_on_cards(tx: Tx, customer_id: int) -> None:
    """Updates the cards of open dialogs: whether the customer can be reached, and is muted."""
    active = dialogs.active_of(tx, customer_id)
    for dialog in [*([active] if active else []), *dialogs.list_paused(tx, customer_id, limit=PAUSED_CARDS)]:
        refresh_cards(tx, dialog)


def notify_dialog(
    tx: Tx, dialog: Dialog, key: str, words: dict[str, Any], *, buttons: Buttons | None = None, rank: int = 0
) -> None:
    """Adds a line in every place of the dialog."""
    for place in places.ensure_for_dialog(tx, dialog):
        notify_place(tx, place, key, words, buttons=buttons, rank=rank)


def notify_place(
    tx: Tx,
    place: Row,
    key: str,
    words: dict[str, Any],
    *,
    buttons: Buttons | None = None,
    more: list[Line] | None = None,
    rank: int = 0,
) -> None:
    """Adds a line, and those that follow it, in one place; outside a topic, with the button to the dialog."""
    way = [[go_to_button(place["dialog_id"])]] if place["mode"] == "with_header" else []
    offer_key = next_offer_key(tx, place["dialog_id"], buttons)
    outbox.add(
        tx,
        [
            Outgoing(
                to=Address(place["chat_id"]),
                item=DeskNotice(key, words, more or [], [*(buttons or []), *way]),
                key=offer_key or f"notice:{key}:{place['dialog_id']}:{place['id']}:{_once()}",
                dialog_id=place["dialog_id"],
                place_id=place["id"],
                rank=rank,
            )
        ],
    )


def notify_manager(
    tx: Tx,
    telegram_id: int,
    key: str,
    words: dict[str, Any],
    *,
    dialog_id: int,
    buttons: Buttons | None = None,
    more: list[Line] | None = None,
) -> None:
    """Adds a line, and those that follow it, in the manager's own chat, with the button to the dialog. A Telegram reply
    to it becomes a note on the dialog.
    """
    offer_key = next_offer_key(tx, dialog_id, buttons)
    outbox.add(
        tx,
        [
            Outgoing(
                to=Address(telegram_id),
                item=DeskNotice(key, words, more or [], [*(buttons or []), [go_to_button(dialog_id)]]),
                key=offer_key or f"notice:{key}:{dialog_id}:{telegram_id}:{_once()}",
                dialog_id=dialog_id,
            )
        ],
    )


def go_to_button(dialog_id: int) -> Button:
    """➡️ Go to #12: a link to its topic if there is one, otherwise a press that enters the dialog."""
    return {
        "key": "manager.go",
        "words": {"id": dialog_id},
        "data": button_data(DialogVerb.GO_TO, dialog_id),
        "topic_of": str(dialog_id),
    }


def notify_handlers(
    tx: Tx, dialog: Dialog, key: str, words: dict[str, Any], *, except_id: int | None = None
) -> None:
    """Notifies the assignee and the participants, each in their own chat, except the person `except_id`."""
    people = {person.id: person for person in dialog.participants}
    if dialog.assignee is not None:
        people[dialog.assignee.id] = dialog.assignee
    for person in people.values():
        reader = managers.by_id(tx, person.id)
        if person.id != except_id and reader is not None and reader.active:
            notify_manager(tx, person.telegram_id, key, words, dialog_id=dialog.id)


def _refresh_item(item: InfoCardEdit | TopicName | Markup, place: Row, due_at: datetime) -> Outgoing:
    return Outgoing(
        to=Address(place["chat_id"]),
        item=item,
        key=f"{item.kind}:{place['id']}:{_once()}",
        dialog_id=place["dialog_id"],
        place_id=place["id"],
        due_at=due_at,
        collapse_key=f"{item.kind}:{place['id']}",
    )


def _once() -> str:
    """A random suffix: views have no cause that could distinguish them; the collapse key collapses them."""
    return secrets.token_hex(6)


def refresh_dialog_cards(tx: Tx, event: Event) -> None:
    """Updates the cards of the event's dialog; its places stay as they are."""
    refresh_cards(tx, dialogs.of_event(tx, event))


def show_changes(tx: Tx, event: Event) -> None:
    """Updates the dialog's cards, and its topics' names if the title changed; an open dialog gets a place for each of
    its people.
    """
    dialog = dialogs.of_event(tx, event)
    if dialog.state != "closed":
        places.ensure_for_dialog(tx, dialog)
    refresh_cards(tx, dialog, renamed="title" in event.data)


def refresh_people(tx: Tx, event: Event) -> None:
    """Updates every card that says who has the dialog and who takes part."""
    refresh_people_on_cards(tx, dialogs.of_event(tx, event))


def refresh_reach(tx: Tx, event: Event) -> None:
    """Updates the cards of open dialogs: whether the customer can be reached."""
    refresh_reach_on_cards(tx, event.customer_id)


def refresh_inbox_item(tx: Tx, event: Event) -> None:
    """Updates the buttons of the item's cards to its present state."""
    refresh_inbox_cards(tx, event.data["inbox_item_id"])


def refresh_last_item(tx: Tx, event: Event) -> None:
    """Updates the customer's last card, which says whether they are muted, if it is ignored or was put back."""
    item = inbox_items.lock_newest(tx, event.customer_id)
    if item is not None and item.state in ("ignored", "new"):
        refresh_inbox_cards(tx, item.id)


def refresh_returned_item(tx: Tx, event: Event) -> None:
    """Updates the cards of an ignored item that waits again because its customer wrote."""
    if event.arrival is not None and event.arrival.returns:
        refresh_inbox_cards(tx, event.arrival.item_id)


def refresh_cards_and_names(tx: Tx, event: Event) -> None:
    """Updates the cards of a dialog whose state changed, and its topics' names, which show the state."""
    refresh_cards(tx, dialogs.of_event(tx, event), renamed=True)
