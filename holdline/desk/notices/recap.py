"""Earlier messages, shown in a dialog's place below its card, so that managers know the conversation."""

from collections.abc import Sequence
from itertools import groupby

from holdline.desk.notices import albums
from holdline.dialogs.address import Address
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.messages import DeskNotice, InboxCard, Mirror, TranscriptFile
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.conversation import conversation
from holdline.store.delivery import outbox
from holdline.store.tx import Row, Tx
from holdline.telegram.parts import parts_needed

AT_OPENING = 20
AT_HANDOVER = 10
AT_FOLLOW_UP = 5
"""How many messages of the dialog that is followed up."""
_ALBUM = 10  # parts of an album at most, Bot API

MessageGroup = list[Message]
"""One message, or the parts of an album."""


def show_last(
    tx: Tx, place: Row, dialog: Dialog, *, before: int | None = None, most: int = AT_HANDOVER
) -> None:
    """Shows the last messages to a manager who takes over, with the button for all of them. `before` is shown
    separately.
    """
    total = conversation.count(tx, dialog.id, before=before)
    if not total:
        return
    messages = conversation.newest(tx, dialog.id, before=before, limit=most * _ALBUM)
    turns = _turns(messages)[-most:]
    message_count = sum(len(turn) for turn in turns)
    button = {
        "key": "desk_notices.whole_conversation",
        "data": button_data(DialogVerb.SEND_TRANSCRIPT, dialog.id),
    }
    words = {"count": message_count, "total": total}
    outbox.add(tx, [_notice(place, "desk_notices.earlier_last", words, cause="last", buttons=[[button]])])
    _show(tx, place, dialog, turns)


def show_taken_up(tx: Tx, place: Row, dialog: Dialog, messages: list[Message]) -> None:
    """Shows what the dialog has just taken up from the general chat; if it is long, only the last part and the rest as
    a file.
    """
    turns = [turn for turn in _turns(messages) if not _was_typed_in_topic(turn[0], place)]
    if place["mode"] == "with_header":
        turns = _without_cards(tx, place, turns)
    cut = turns[-AT_OPENING:]
    left_out = sum(len(turn) for turn in turns[:-AT_OPENING])
    if left_out:
        newest = messages[-1].id
        words = {"count": left_out}
        outbox.add(tx, [_notice(place, "desk_notices.earlier_left_out", words, cause=f"left_out:{newest}")])
        outbox.add(tx, [_place_item(place, TranscriptFile(), key=f"transcript:{place['id']}:{newest}")])
    _show(tx, place, dialog, cut, still_coming=True)


def _was_typed_in_topic(message: Message, place: Row) -> bool:
    """Whether a manager wrote it in this topic, for the general chat: it is already visible there."""
    if place["mode"] != "topic" or place["thread_id"] is None:
        return False
    typed_in = (message.content.chat_id, message.content.thread_id)
    return message.direction == "out" and typed_in == (place["chat_id"], place["thread_id"])


def _without_cards(tx: Tx, place: Row, turns: list[MessageGroup]) -> list[MessageGroup]:
    """The messages without those that Inbox cards show already in a chat without topics; one line refers to these."""
    standing = [
        (turn, conversation.tg_message_id_in_chat(tx, turn[0].id, place["chat_id"])) for turn in turns
    ]
    above = [(turn, number) for turn, number in standing if number is not None]
    if above:
        first, number = above[0]
        words = {"count": sum(len(turn) for turn, _ in above)}
        outbox.add(
            tx,
            [
                _notice(
                    place,
                    "desk_notices.earlier_above",
                    words,
                    cause=f"above:{first[0].id}",
                    reply_to=number or None,
                )
            ],
        )
    return [turn for turn, number in standing if number is None]


def _turns(messages: list[Message]) -> list[MessageGroup]:
    """The messages grouped: albums whole, others one by one."""
    return [
        list(parts)
        for _, parts in groupby(messages, key=lambda m: (m.direction, m.content.album_id or f"alone:{m.id}"))
    ]


def _show(
    tx: Tx, place: Row, dialog: Dialog, turns: list[MessageGroup], *, still_coming: bool = False
) -> None:
    """Shows the groups. `still_coming`: more parts of a final album may arrive, so it waits for them."""
    for turn in turns:
        first = turn[0]
        if first.content.album_id is None:
            parts = parts_needed(first.content, has_header=True)
            outbox.add(tx, mirror_items(first.id, place, customer_id=dialog.customer_id, parts=parts))
            continue
        [like] = mirror_items(first.id, place, customer_id=dialog.customer_id)
        albums.show_whole(
            tx,
            like,
            album_id=first.content.album_id,
            message_ids=[part.id for part in turn],
            wait=still_coming and turn is turns[-1],
        )


def mirror_items(message_id: int, place: Row, *, customer_id: int, parts: int = 1) -> list[Outgoing]:
    """The items that show one message in a place; they add nothing if it is already shown there."""
    mirrors = [Mirror(part, parts) for part in range(parts)]
    return items_of_message(message_id, place, customer_id=customer_id, shown_as=mirrors)


def items_of_message(
    message_id: int, place: Row, *, customer_id: int, shown_as: Sequence[Mirror | InboxCard]
) -> list[Outgoing]:
    """The items that show a message in that place, one for each part in `shown_as`."""
    return [
        Outgoing(
            to=Address(place["chat_id"]),
            item=item,
            key=f"{item.kind}:{message_id}:{place['id']}:{item.part}",
            customer_id=customer_id,
            dialog_id=place["dialog_id"],
            message_id=message_id,
            place_id=place["id"],
        )
        for item in shown_as
    ]


def _notice(
    place: Row,
    key: str,
    words: dict[str, int],
    *,
    cause: str,
    buttons: list[list[dict[str, str]]] | None = None,
    reply_to: int | None = None,
) -> Outgoing:
    """A line of our own above the messages that follow."""
    notice = DeskNotice(key, words, buttons=buttons or [], reply_to_tg_id=reply_to)
    return _place_item(place, notice, key=f"earlier:{place['id']}:{cause}")


def _place_item(place: Row, item: DeskNotice | TranscriptFile, *, key: str) -> Outgoing:
    return Outgoing(Address(place["chat_id"]), item, key, dialog_id=place["dialog_id"], place_id=place["id"])
