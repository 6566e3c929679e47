"""Topics: created, named after their dialog and its state, with the card pinned."""

from holdline.dialogs.dialog import TITLE_LIMIT, Dialog
from holdline.dialogs.outbox.changes import CardPin
from holdline.dialogs.text.limits import length
from holdline.dialogs.text.splitting import clean_name
from holdline.screens.keyboards import STATE_ICONS
from holdline.screens.render.render_context import render_context_of
from holdline.store.dialogs import dialogs, places
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip

ENDED = "🔒"


def topic_create(tx: Tx, item: Row) -> Call | Skip:
    """Named by the current state. A topic that exists already is not created again."""
    place = render_context_of(tx, item).place
    if place is None:
        return Skip("the place is gone")
    if place["thread_id"] is not None:
        return Skip("the topic is there already")
    return Call("createForumTopic", {"chat_id": item["chat_id"], "name": _name(tx, place)})


def topic_name(tx: Tx, item: Row) -> Call | Skip:
    """Renames the topic of the item's own place. If the place has ended, the topic stays and its name says so."""
    place = places.by_id(tx, item["place_id"])
    if place is None or place["mode"] != "topic" or place["thread_id"] is None:
        return Skip("there is no topic to name")
    name = _name(tx, place) if place["live"] else _name_after_end(place)
    aim = {"chat_id": item["chat_id"], "message_thread_id": place["thread_id"]}
    return Call("editForumTopic", {**aim, "name": name})


def pin(tx: Tx, item: Row, card_pin: CardPin) -> Call | Skip:
    """Pins the card without a notification."""
    place = render_context_of(tx, item).place
    card = card_pin.tg_message_id or (place["card_tg_message_id"] if place else None)
    if not card:
        return Skip("there is no card to pin")
    return Call(
        "pinChatMessage", {"chat_id": item["chat_id"], "message_id": card, "disable_notification": True}
    )


def _name(tx: Tx, place: Row) -> str:
    if place["dialog_id"] is None:
        return clean_name(place["name"] or "", fallback="📥 Inbox", limit=TITLE_LIMIT)
    return topic_title(dialogs.by_id(tx, place["dialog_id"]))


def _name_after_end(place: Row) -> str:
    """🔒 Title."""
    return f"{ENDED} {clean_name(place['name'] or '', fallback='…', limit=TITLE_LIMIT - length(ENDED) - 1)}"


def topic_title(dialog: Dialog) -> str:
    """▶️ Title, within the length limit of a topic's name."""
    icon = STATE_ICONS[dialog.state]
    return (
        f"{icon} {clean_name(dialog.title, fallback=f'#{dialog.id}', limit=TITLE_LIMIT - length(icon) - 1)}"
    )
