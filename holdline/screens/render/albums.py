"""Albums stay one message. Customers get the files with the accepted text; the desk gets a copy.

The desk's copy is sent as a new album if its text must change.
"""

from holdline.dialogs.audience import Audience
from holdline.dialogs.message import CAPTIONED, Message
from holdline.dialogs.outbox.messages import Album
from holdline.dialogs.outbox.retry_notes import RetryNotes
from holdline.dialogs.text.limits import CAPTION_LIMIT, fits
from holdline.dialogs.text.richtext import RichText, lines
from holdline.screens.marketing.way_out import line_of_album
from holdline.screens.render import manager_mentions
from holdline.screens.render.headers import header_of
from holdline.screens.render.inbox_cards import card_header
from holdline.screens.render.references import with_references
from holdline.screens.render.render_context import (
    Params,
    RenderContext,
    as_sendable,
    render_context_of,
    reply_of,
)
from holdline.screens.render.send_calls import (
    fits_caption,
    input_medium,
    media_call,
    text_call,
    with_last_line,
)
from holdline.screens.render.text_fallback import describe_as_text
from holdline.store.conversation import messages
from holdline.store.delivery import outbox
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.telegram.parts import with_caption_cut

ITEMS = range(2, 11)  # Bot API, sendMediaGroup


def album(tx: Tx, item: Row) -> Call | Skip:
    """The parts that the item gathered, in order."""
    context = render_context_of(tx, item)
    parts_found = [part for number in outbox.message_ids_of(tx, item) if (part := messages.by_id(tx, number))]
    parts = [as_sendable(item, part) for part in parts_found]
    if not parts:
        return Skip("the album is gone")
    quoted = reply_of(tx, item, parts[0], context)
    if RetryNotes.of(item).in_words:
        descriptions = [describe_as_text(with_caption_cut(part.content), context.language) for part in parts]
        return text_call(context, lines(_desk_header(tx, item, parts[0], context), *descriptions), quoted)
    captions = _captions(tx, item, parts, context)
    if len(parts) == 1:
        return media_call(context, parts[0].content, captions[0], quoted)
    if _can_be_sent_anew(parts) and (
        quoted
        or any(caption is not None for caption in captions)
        or _has_uncopyable(parts)
        or _overflows(parts)
    ):
        return _send_anew(context, parts, captions, quoted)
    numbers = sorted({part.content.tg_message_id for part in parts if part.content.tg_message_id})
    return Call(
        "copyMessages", {**context.target(), "from_chat_id": parts[0].content.chat_id, "message_ids": numbers}
    )


def _captions(tx: Tx, item: Row, parts: list[Message], context: RenderContext) -> list[RichText | None]:
    """The caption of each part, or None if the original's caption may be copied.

    Customers always get the accepted text, because the original may show a later edit that was refused; below marketing
    it says how to unsubscribe.
    """
    if item["audience"] == Audience.CUSTOMER:
        first, *others = [manager_mentions.strip(tx, part) for part in parts]
        return [with_last_line(first, line_of_album(tx, item, context.language)), *others]
    head = _desk_header(tx, item, parts[0], context)
    return _captions_with_header(head, parts) if head.text else [None for _ in parts]


def _desk_header(tx: Tx, item: Row, first: Message, context: RenderContext) -> RichText:
    in_inbox = Album.of(item).inbox_item_id is not None
    head = card_header(tx, first, context) if in_inbox else header_of(tx, first, context)
    return with_references(tx, head, first, context)


def _captions_with_header(head: RichText, parts: list[Message]) -> list[RichText | None]:
    """The header is added to the first caption that has room for it."""
    both = [lines(head, RichText(part.content.text, part.content.entities)) for part in parts]
    roomy = next((at for at, caption in enumerate(both) if fits_caption(caption)), None)
    return [caption if at == roomy else None for at, caption in enumerate(both)]


def _can_be_sent_anew(parts: list[Message]) -> bool:
    return len(parts) in ITEMS and all(
        part.content.kind in CAPTIONED
        and part.content.data.get("file_id")
        and not part.content.data.get("live")
        for part in parts
    )


def _has_uncopyable(parts: list[Message]) -> bool:
    return any(part.content.data.get("protected") or not part.content.tg_message_id for part in parts)


def _overflows(parts: list[Message]) -> bool:
    """Whether a caption is longer than a bot may send (Premium). The rest follows as texts."""
    return any(not fits(part.content.text, CAPTION_LIMIT) for part in parts)


def _send_anew(
    context: RenderContext, parts: list[Message], captions: list[RichText | None], quoted: Params
) -> Call:
    media = [input_medium(part.content, caption) for part, caption in zip(parts, captions, strict=True)]
    return Call("sendMediaGroup", {**context.target(), "media": media, **quoted})
