"""What was said before: shown in a dialog's place below its card, so that nobody begins or takes over blind."""

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
"""Of the dialog that goes on in a new one."""
_ALBUM = 10  # parts of an album at most, Bot API

MessageGroup = list[Message]
"""One message, or the parts of an album."""


def show_last(
    tx: Tx, place: Row, dialog: Dialog, *, before: int | None = None, most: int = AT_HANDOVER
) -> None:
    """For whoever takes over: the last messages, and the way to all of them. `before` is shown by itself."""
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
    """What the dialog has just taken up from the general chat; of very much the last part, the rest as a file."""
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
    """A manager wrote it in this very topic, for the general chat: it stands there already."""
    if place["mode"] != "topic" or place["thread_id"] is None:
        return False
    typed_in = (message.content.chat_id, message.content.thread_id)
    return message.direction == "out" and typed_in == (place["chat_id"], place["thread_id"])


def _without_cards(tx: Tx, place: Row, turns: list[MessageGroup]) -> list[MessageGroup]:
    """In a chat without topics the Inbox cards stand there already: one line leads up to them instead."""
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
    """Albums whole, everything else by itself."""
    return [
        list(parts)
        for _, parts in groupby(messages, key=lambda m: (m.direction, m.content.album_id or f"alone:{m.id}"))
    ]


def _show(
    tx: Tx, place: Row, dialog: Dialog, turns: list[MessageGroup], *, still_coming: bool = False
) -> None:
    """`still_coming`: parts of an album that ends them may be on their way, it waits for these."""
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
    """The operations that show one message in a place; shown there already, they add nothing."""
    mirrors = [Mirror(part, parts) for part in range(parts)]
    return items_of_message(message_id, place, customer_id=customer_id, shown_as=mirrors)


def items_of_message(
    message_id: int, place: Row, *, customer_id: int, shown_as: Sequence[Mirror | InboxCard]
) -> list[Outgoing]:
    """The message in that place, each of its parts `shown_as` one of these."""
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
    """A line of our own above what follows."""
    notice = DeskNotice(key, words, buttons=buttons or [], reply_to_tg_id=reply_to)
    return _place_item(place, notice, key=f"earlier:{place['id']}:{cause}")


def _place_item(place: Row, item: DeskNotice | TranscriptFile, *, key: str) -> Outgoing:
    return Outgoing(Address(place["chat_id"]), item, key, dialog_id=place["dialog_id"], place_id=place["id"])
