"""The complete message that a command replies to. Telegram includes only one part of an album."""

import json
from collections.abc import Iterator

from aiogram.types import Message
from pydantic import ValidationError

from holdline.bot.content import content_of, is_reply
from holdline.dialogs.message import Content
from holdline.store.engine import Store
from holdline.store.intake import received_albums


async def find_replied_parts(message: Message, store: Store) -> tuple[Content, ...]:
    """The message, or all known parts of its album; empty if the message is not a reply."""
    replied = message.reply_to_message
    if replied is None or not is_reply(message):
        return ()
    content = content_of(replied)
    if content is None:
        return ()
    if content.album_id is None:
        return (content,)
    parts = {content.tg_message_id: content}
    for raw in await store.read(received_albums.list_updates, content.album_id):
        for part in _messages(raw):
            if (part.chat_id, part.album_id) == (content.chat_id, content.album_id):
                parts[part.tg_message_id] = part
    return tuple(parts[number] for number in sorted(parts, key=lambda number: number or 0))


def _messages(raw: str) -> Iterator[Content]:
    """The new or edited message of an update; empty if it cannot be decoded."""
    update = json.loads(raw)
    for kind in ("message", "edited_message"):
        try:
            content = content_of(Message.model_validate(update[kind])) if kind in update else None
        except ValidationError:
            continue
        if content is not None:
            yield content
