"""Routes for the actions of people."""

from fastapi import APIRouter

from holdline.sandbox.control.box_of import Box
from holdline.sandbox.control.requests import (
    Block,
    Deactivation,
    Deletion,
    Edit,
    NewAlbum,
    NewMessage,
    NewPerson,
    NewPress,
    NewReaction,
)
from holdline.sandbox.errors import ControlError
from holdline.sandbox.json_types import Json

router = APIRouter(tags=["people"])


@router.post("/users", status_code=201)
async def person(box: Box, order: NewPerson) -> Json:
    """Creates or renames a person. The bot gets no update."""
    return box.customer(**order.model_dump())


@router.post("/messages", status_code=201)
async def message(box: Box, order: NewMessage) -> Json:
    """Sends a message of any kind as that person."""
    _introduce(box, order)
    around: Json = {"thread_id": order.thread_id, "reply_to": order.reply_to}
    if order.kind in (None, "text"):
        if order.text is None:
            raise ControlError("give the text, or a kind such as photo")
        return box.says(order.user_id, order.text, order.chat_id, entities=order.entities, **around)
    words: Json = {
        "caption": order.caption,
        "entities": order.entities,
        "media_group_id": order.media_group_id,
    }
    return box.sends(order.user_id, str(order.kind), order.chat_id, **around, **words, **order.content)


def _introduce(box: Box, order: NewMessage | NewAlbum) -> None:
    """Creates the author and the group if they do not exist yet."""
    if isinstance(order, NewMessage):
        _create_or_rename(box, order)
    elif order.user_id not in box.world.users:
        box.customer(order.user_id)
    if order.chat_id is None or order.chat_id > 0:
        return
    if order.chat_id not in box.world.chats:
        box.forum(order.chat_id, f"Group {order.chat_id}", [order.user_id])
    elif order.user_id not in box.world.chat(order.chat_id).members:
        box.joins(order.user_id, order.chat_id)


def _create_or_rename(box: Box, order: NewMessage) -> None:
    exists = order.user_id in box.world.users
    if exists and not (order.first_name or order.username or order.last_name or order.language_code):
        return
    box.customer(order.user_id, order.first_name, order.last_name, order.username, order.language_code)


@router.post("/albums", status_code=201)
async def album(box: Box, order: NewAlbum) -> list[Json]:
    """Sends several pictures or files as one album."""
    _introduce(box, order)
    return box.album(order.user_id, order.kinds, order.caption, order.chat_id, thread_id=order.thread_id)


@router.post("/presses", status_code=201)
async def press(box: Box, order: NewPress) -> Json:
    """Presses a button. The bot's answer is a `callback_answer` event. Without a chat id the private chat is used."""
    wanted = order.data if order.data is not None else order.button
    return {"callback_query_id": box.presses(order.user_id, _where(order), order.message_id, wanted)}


def _where(order: NewPress | Edit | NewReaction | Deletion) -> int:
    return order.user_id if order.chat_id is None else order.chat_id


@router.post("/edits")
async def edit(box: Box, order: Edit) -> Json:
    """Changes a person's own message."""
    return box.edits(order.user_id, _where(order), order.message_id, order.text, order.caption)


@router.post("/reactions")
async def react(box: Box, order: NewReaction) -> Json:
    """Sets a person's reaction, or removes it if no emoji is given."""
    box.reacts(order.user_id, _where(order), order.message_id, order.emoji)
    return {"ok": True}


@router.post("/deletions")
async def delete(box: Box, order: Deletion) -> Json:
    """Deletes a message. The bot gets no update, as in Telegram."""
    box.deletes(order.user_id, _where(order), order.message_id)
    return {"ok": True}


@router.post("/blocks")
async def block(box: Box, order: Block) -> Json:
    """Blocks or unblocks the bot."""
    if order.user_id not in box.world.users:
        box.customer(order.user_id)
    box.blocks(order.user_id, order.blocked)
    return {"ok": True}


@router.post("/deactivations")
async def deactivate(box: Box, order: Deactivation) -> Json:
    """Deletes a person's account."""
    box.deactivates(order.user_id)
    return {"ok": True}
