"""Copies of an edited message: they are edited too, with more or fewer parts as the text grows or shrinks."""

from dataclasses import replace
from datetime import datetime
from itertools import groupby

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.corrections import can_change_in_place
from holdline.dialogs.event import Event
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.merging import fit_together, may_be_merged
from holdline.dialogs.message import Message, has_references
from holdline.dialogs.outbox.changes import CopyEdit, CopyRemoval
from holdline.dialogs.outbox.messages import InboxCard, MessagePart, Mirror
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import messages
from holdline.store.delivery import merging, outbox, telegram_messages, turns
from holdline.store.dialogs import places
from holdline.store.tx import Row, Tx
from holdline.telegram.parts import parts_needed


def show_edit(tx: Tx, event: Event) -> None:
    """Edits the copies at once, wherever the message is shown."""
    assert event.message is not None
    edit_copies(tx, event.message)


def edit_copies(tx: Tx, before: Message, *, due_at: datetime | None = None) -> None:
    """Updates every copy to the present content; a copy that is not sent yet will be sent with it. `before`: the
    message as it was.
    """
    message = messages.by_id(tx, before.id)
    assert message is not None
    for copies in _by_place(tx, message.id):
        if (others := _lines_beside(tx, message, copies)) is not None:
            _change_line(tx, message, copies[0], others)
            continue
        if not can_change_in_place(before.content, message.content):
            _show_anew(tx, message, copies)
            continue
        needed = _parts_needed(tx, message, copies[0])
        for copy in copies:
            if copy["part"] < needed:
                outbox.add(tx, [replace(edit_item(tx, copy), due_at=due_at)])
            else:
                _delete_copy(tx, copy, message)
        _add_parts(tx, message, copies, needed)


def change_line_on_arrival(tx: Tx, message_id: int, tg_message_id: int, *, chat_id: int) -> None:
    """Updates a message that was edited while it was in flight among other lines of its author."""
    message = messages.by_id(tx, message_id)
    assert message is not None
    for copies in _by_place(tx, message_id):
        is_it = (copies[0]["chat_id"], copies[0]["tg_message_id"]) == (chat_id, tg_message_id)
        if is_it and (others := _lines_beside(tx, message, copies)) is not None:
            _change_line(tx, message, copies[0], others)


def _lines_beside(tx: Tx, message: Message, copies: list[Row]) -> list[Message] | None:
    """The other lines of the Telegram message that shows it, the oldest first; None if there are none."""
    copy = telegram_messages.find(tx, copies[0]["chat_id"], copies[0]["tg_message_id"])
    older = merging.older_lines(tx, copy) if copy is not None else []
    if copy is None or not older:
        return None
    newest = messages.by_id(tx, copy["message_id"])
    return [line for line in [*older, *([newest] if newest else [])] if line.id != message.id]


def _change_line(tx: Tx, message: Message, copy: Row, others: list[Message]) -> None:
    """Renders all lines again. A line that does not fit there any longer is removed and shown on its own."""
    fits = fit_together(line.content for line in [message, *others])
    if not may_be_merged(message) or not fits:
        merging.remove_line(tx, copy, message.id, newest_left=others[-1].id)
        needed = _parts_needed(tx, message, copy)
        outbox.add(tx, [_part(tx, message, copy, part, needed) for part in range(needed)])
        copy = {**copy, "message_id": others[-1].id}
    outbox.add(tx, [edit_item(tx, copy)])


def replace_copy_if_edit_refused(tx: Tx, message_id: int, tg_message_id: int, *, chat_id: int) -> bool:
    """If Telegram refuses to put another file or location there, deletes the copy and shows the message again. Returns
    whether it did.
    """
    message = messages.by_id(tx, message_id)
    if message is None or not (message.content.data.get("replaced") or message.content.kind == "location"):
        return False
    for copies in _by_place(tx, message_id):
        if copies[0]["chat_id"] == chat_id and tg_message_id in {copy["tg_message_id"] for copy in copies}:
            _show_anew(tx, message, copies)
            return True
    return False


def add_missing_parts(tx: Tx, message_id: int, item: Row) -> None:
    """Adds parts if the text grew while its last part waited or was in flight, or if it is a caption longer than a file
    carries. They come right after `item`, the part that has just arrived, whatever was sent since.
    """
    message = messages.by_id(tx, message_id)
    if message is None or parts_needed(message.content, has_header=True) == 1:
        return
    for copies in _by_place(tx, message_id):
        if (copies[0]["chat_id"], copies[0]["place_id"]) == (item["chat_id"], item["place_id"]):
            added = _add_parts(tx, message, copies, _parts_needed(tx, message, copies[0]))
            turns.put_in_turn_of(tx, added, item)


def edit_item(tx: Tx, copy: Row) -> Outgoing:
    """The edit of a copy. It is rendered when it is sent, from what is stored then, so a waiting one is never out of
    date.
    """
    audience = Audience(copy["audience"])
    mark = f"edit:{copy['chat_id']}:{copy['tg_message_id']}"
    return Outgoing(
        to=Address(copy["chat_id"]),
        item=CopyEdit(copy["tg_message_id"], copy["part"]),
        audience=audience,
        key=f"{mark}:{tx.at.timestamp():.6f}",
        customer_id=copy["customer_id"],
        dialog_id=copy["dialog_id"],
        message_id=copy["message_id"],
        place_id=copy["place_id"],
        collapse_key=mark,
    )


def removal_item(
    where: Row,
    tg_message_id: int,
    *,
    message_id: int | None,
    dialog_id: int | None,
    customer_id: int | None = None,
) -> Outgoing:
    """The deletion of a copy; `where` names its chat and audience."""
    return Outgoing(
        to=Address(where["chat_id"]),
        item=CopyRemoval(tg_message_id),
        key=f"delete:{where['chat_id']}:{tg_message_id}",
        audience=Audience(where["audience"]),
        customer_id=customer_id,
        dialog_id=dialog_id,
        message_id=message_id,
    )


def _show_anew(tx: Tx, message: Message, copies: list[Row]) -> None:
    for copy in copies:
        _delete_copy(tx, copy, message)
    needed = _parts_needed(tx, message, copies[0])
    outbox.add(tx, [_part(tx, message, copies[0], part, needed) for part in range(needed)])


def _by_place(tx: Tx, message_id: int) -> list[list[Row]]:
    """The parts of the message in each place that shows it, in their order."""
    copies = [copy for copy in telegram_messages.of_message(tx, message_id) if copy["role"] == "copy"]
    copies.sort(key=lambda copy: (copy["chat_id"], copy["place_id"] or 0, copy["part"]))
    return [list(parts) for _, parts in groupby(copies, key=lambda copy: (copy["chat_id"], copy["place_id"]))]


def _parts_needed(tx: Tx, message: Message, copy: Row) -> int:
    """How many parts rendering will make: only a customer's own words in the dialog's topic have no header."""
    if copy["audience"] == Audience.CUSTOMER:
        return parts_needed(message.content, has_header=False)
    place = places.by_id(tx, copy["place_id"]) if copy["place_id"] is not None else None
    in_topic = place is not None and place["mode"] == "topic" and place["dialog_id"] is not None
    bare = in_topic and message.author_kind == "customer" and not has_references(message.content)
    return parts_needed(message.content, has_header=not bare)


def _delete_copy(tx: Tx, copy: Row, message: Message) -> None:
    """Deletes the copy. It is marked as deleted at once, because the text may grow again before Telegram is called."""
    telegram_messages.mark_deleted(tx, copy["chat_id"], copy["tg_message_id"])
    about = {"message_id": message.id, "dialog_id": message.dialog_id}
    outbox.add(tx, [removal_item(copy, copy["tg_message_id"], **about)])


def _add_parts(tx: Tx, message: Message, copies: list[Row], needed: int) -> list[int]:
    """Adds missing parts and returns their ids; parts that wait or are in flight add missing ones when they arrive."""
    first, last = copies[0], copies[-1]["part"]
    where = {"chat_id": first["chat_id"], "place_id": first["place_id"]}
    if needed <= last + 1 or outbox.has_parts_on_the_way(tx, message.id, **where):
        return []
    return outbox.add(tx, [_part(tx, message, first, part, needed) for part in range(last + 1, needed)])


def _part(tx: Tx, message: Message, first: Row, part: int, parts: int) -> Outgoing:
    audience = Audience(first["audience"])
    return Outgoing(
        to=Address(first["chat_id"]),
        item=_shape(audience, first["inbox_item_id"], part, parts),
        class_=MessageClass(message.class_) if audience is Audience.CUSTOMER else MessageClass.DESK,
        audience=audience,
        key=f"added:{message.id}:{first['chat_id']}:{first['tg_message_id']}:{part}:{tx.at.timestamp():.6f}",
        customer_id=message.customer_id,
        dialog_id=first["dialog_id"],
        message_id=message.id,
        place_id=first["place_id"],
    )


def _shape(
    audience: Audience, inbox_item_id: int | None, part: int, parts: int
) -> MessagePart | InboxCard | Mirror:
    """The kind of item as which it is shown there."""
    if audience is Audience.CUSTOMER:
        return MessagePart(part, parts, added=True)
    if inbox_item_id is not None:
        return InboxCard(inbox_item_id, part=part, parts=parts, added=True)
    return Mirror(part, parts, added=True)
