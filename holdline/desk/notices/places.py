"""Places in which the desk works: the staff group's topics, and managers' own chats with the bot."""

from holdline.desk.notices import note_views, recap
from holdline.dialogs.address import Address
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.outbox.messages import InfoCard, TopicCreation
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import outbox
from holdline.store.dialogs import places
from holdline.store.people import managers
from holdline.store.screens import settings
from holdline.store.tx import Row, Tx
from holdline.telegram.chats import is_group

INBOX_NAME = "📥 Inbox"
GROUP_MOVES = "group_moves"
GROUPS_BELL = "groups"
"""The bell for when the staff group gets another id, or should be checked."""


def staff_group(tx: Tx) -> int:
    """The staff group's current id, also after it became a supergroup; 0 means private desks only."""
    moves = settings.value(tx, GROUP_MOVES, {})
    group = tx.rules.staff_group
    return int(moves.get(str(group), group))


def is_staff_group(tx: Tx, chat_id: int) -> bool:
    """Whether it is the staff group. Called for each item, so it reads nothing if no group has moved."""
    return chat_id == tx.rules.staff_group or chat_id == staff_group(tx)


def ensure_for_dialog(tx: Tx, dialog: Dialog, *, before: int | None = None) -> list[Row]:
    """The dialog's places; missing ones are created and show its last messages, except those from `before` on."""
    existing = places.of_dialog(tx, dialog.id)
    missing = _chats_without_place(tx, dialog, existing)
    for chat_id in missing:
        take_over(tx, chat_id, dialog, before=before)
    return places.of_dialog(tx, dialog.id) if missing else existing


def create_for_dialog(tx: Tx, dialog: Dialog) -> list[Row]:
    """Creates its first places: the group's topic, or one in each handler's chat."""
    return [ensure_place(tx, chat_id, dialog) for chat_id in _chats_without_place(tx, dialog, [])]


def take_over(tx: Tx, chat_id: int, dialog: Dialog, *, before: int | None = None) -> Row:
    """The place in that chat; a new one shows the last messages and notes."""
    is_new = places.find_live(tx, chat_id, dialog.id) is None
    place = ensure_place(tx, chat_id, dialog)
    if is_new:
        recap.show_last(tx, place, dialog, before=before)
        note_views.show_last_notes(tx, place, dialog.id)
    return place


def _chats_without_place(tx: Tx, dialog: Dialog, existing: list[Row]) -> list[int]:
    group = staff_group(tx)
    wanted = {group} if group else set(_handlers(tx, dialog))
    return _still_at_desk(tx, wanted - {place["chat_id"] for place in existing})


def _still_at_desk(tx: Tx, chats: set[int]) -> list[int]:
    """The chats without those of managers who are leaving the desk at this moment: a place created now would remain."""
    return [
        chat_id
        for chat_id in sorted(chats)
        if is_group(chat_id) or managers.keep_active(tx, chat_id) is not None
    ]


def ensure_for_inbox(tx: Tx) -> list[Row]:
    """The places for Inbox cards: the group's Inbox topic, or every active manager's own chat."""
    group = staff_group(tx)
    chats = (
        [group]
        if group
        else [person.telegram_id for person in managers.page(tx, active_only=True, limit=200)]
    )
    by_chat = {place["chat_id"]: place for place in places.of_inbox(tx, chats)}
    missing = _still_at_desk(tx, set(chats) - set(by_chat))
    by_chat |= {chat_id: ensure_place(tx, chat_id, None) for chat_id in missing}
    return [by_chat[chat_id] for chat_id in chats if chat_id in by_chat]


def ensure_place(tx: Tx, chat_id: int, dialog: Dialog | None) -> Row:
    """The live place in that chat; created with its topic and info card if there is none."""
    place = places.find_live(tx, chat_id, dialog.id if dialog else None)
    if place is not None:
        return place
    created = places.insert(
        tx,
        chat_id=chat_id,
        dialog_id=dialog.id if dialog else None,
        mode=_mode(tx, chat_id, dialog),
        name=dialog.title if dialog else INBOX_NAME,
    )
    outbox.add(tx, first_items(created))
    return created


def _mode(tx: Tx, chat_id: int, dialog: Dialog | None) -> str:
    if is_group(chat_id):
        return "topic"
    return "topic" if dialog is not None and places.has_private_topics(tx) else "with_header"


def first_items(place: Row, *, rank: int = 0) -> list[Outgoing]:
    """The topic first, then the card: no other item of the place may be sent before them."""
    topic = [_first_item(place, TopicCreation(), rank)] if place["mode"] == "topic" else []
    card = [first_card(place, rank=rank)] if place["dialog_id"] is not None else []
    return [*topic, *card]


def first_card(place: Row, *, rank: int = 0) -> Outgoing:
    return _first_item(place, InfoCard(), rank)


def _first_item(place: Row, item: TopicCreation | InfoCard, rank: int) -> Outgoing:
    return Outgoing(
        to=Address(place["chat_id"]),
        item=item,
        key=f"{item.kind}:{place['id']}",
        dialog_id=place["dialog_id"],
        place_id=place["id"],
        rank=rank,
    )


def _handlers(tx: Tx, dialog: Dialog) -> list[int]:
    """The chats of the dialog's people who belong to the desk now; of all managers if there are none."""
    people = {person.telegram_id for person in (*dialog.participants, dialog.assignee) if person is not None}
    present = [chat_id for chat_id in sorted(people) if _belongs(tx, chat_id)]
    return present or [person.telegram_id for person in managers.page(tx, active_only=True, limit=200)]


def _belongs(tx: Tx, telegram_id: int) -> bool:
    person = managers.by_telegram_id(tx, telegram_id)
    return person is not None and person.active
