"""/broadcast as a reply: the message replied to, from any author, with all parts of its album."""

from collections.abc import Sequence
from dataclasses import replace

from holdline.dialogs.message import Content
from holdline.dialogs.outbox.marketing import MarketingSample
from holdline.dialogs.refusal import BadInput
from holdline.store.broadcasts import samples
from holdline.store.conversation import messages
from holdline.store.delivery import album_parts, telegram_messages
from holdline.store.tx import Tx


def whole(tx: Tx, replied: Sequence[Content]) -> list[Content]:
    """Raises BadInput if the other parts of an album are no longer known, because half an album must not go out."""
    first = replied[0]
    if first.album_id is None or len(replied) > 1:
        return list(replied)
    assert first.chat_id is not None and first.tg_message_id is not None
    sample = samples.find_album(tx, first.chat_id, first.tg_message_id)
    if sample is not None:
        return _parts_of(sample)
    known = telegram_messages.find(tx, first.chat_id, first.tg_message_id)
    message = messages.by_id(tx, known["message_id"]) if known and known["message_id"] else None
    if message is None or not (others := album_parts.siblings(tx, message)):
        raise BadInput("text", "composing.mend_album_lost")
    return [each.content for each in sorted([message, *others], key=lambda each: each.id)]


def _parts_of(sample: MarketingSample) -> list[Content]:
    """The parts as they were sent, without the line about unsubscribing, which each recipient gets anyway."""
    parts = [Content(each["kind"], data={"file_id": each["source"]}) for each in sample.media]
    return [replace(parts[0], text=sample.text, entities=tuple(sample.entities)), *parts[1:]]
