"""A message as the desk sees it in its dialog: unchanged in a topic, below a header elsewhere."""

from holdline.dialogs.message import CAPTIONED, Message, has_references
from holdline.dialogs.outbox.messages import Mirror
from holdline.dialogs.outbox.retry_notes import RetryNotes
from holdline.dialogs.text.limits import BUTTON_TEXT_LIMIT, TEXT_LIMIT, fits
from holdline.dialogs.text.richtext import RichText, lines
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import DeskVerb, button_data
from holdline.screens.render.headers import header_of
from holdline.screens.render.messages import preview_of
from holdline.screens.render.references import with_references
from holdline.screens.render.render_context import (
    Params,
    RenderContext,
    message_of,
    render_context_of,
    reply_target_of,
)
from holdline.screens.render.send_calls import fits_caption, media_call, text_call
from holdline.screens.render.text_fallback import describe_as_text
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.telegram.parts import part_of, with_caption_cut

NAME_LINES = 4


def mirror(tx: Tx, item: Row, which: Mirror) -> Call | Skip:
    """One part of the message in the item's place. If its topic could not be created, a header is used."""
    message, context = message_of(tx, item), render_context_of(tx, item)
    if message is None:
        return Skip("the message is gone")
    quoted = reply_target_of(tx, item, message, context)
    head = with_references(tx, header_of(tx, message, context), message, context)
    if message.content.kind != "text" and which.part == 0:
        return media_or_text(context, message, head, quoted, as_text=RetryNotes.of(item).in_words)
    words = part_with_header(message, head, part=which.part)
    return (
        text_call(context, words, preview_of(message), quoted)
        if words
        else Skip("the text ended in an earlier part")
    )


def part_with_header(message: Message, head: RichText, *, part: int) -> RichText | None:
    """The text of one part. The first part leaves room for the header."""
    text = part_of(message.content, part=part, has_header=bool(head.text) or has_references(message.content))
    return lines(head, text) if text and part == 0 else text


def with_header(head: RichText, words: RichText) -> RichText:
    """The header is dropped if both do not fit."""
    both = lines(head, words)
    return both if fits(both.text, TEXT_LIMIT) else words


def media_or_text(
    context: RenderContext, message: Message, head: RichText, extra: Params, *, as_text: bool = False
) -> Call | Skip:
    """The media as it came, if possible. Otherwise a text that describes it, so that the desk loses no message."""
    in_text = as_text or not message.content.is_passable
    call = Skip("as a text") if in_text else _media_with_header(context, message, head, extra)
    if isinstance(call, Call):
        return call
    description = describe_as_text(with_caption_cut(message.content), context.language)
    return text_call(context, with_header(head, description), extra)


def _media_with_header(
    context: RenderContext, message: Message, head: RichText, extra: Params
) -> Call | Skip:
    """The header in the caption if the kind has one. Otherwise a button that names the customer."""
    content = message.content
    if not head.text:
        return media_call(context, content, None, extra)
    caption = lines(head, RichText(content.text, content.entities))
    if content.kind in CAPTIONED and fits_caption(caption):
        return media_call(context, content, caption, extra)
    named = name_button(head.text, message.customer_id)["reply_markup"]["inline_keyboard"]
    below = extra.get("reply_markup", {}).get("inline_keyboard", [])
    return media_call(
        context, content, None, {**extra, "reply_markup": {"inline_keyboard": [*named, *below]}}
    )


def name_button(caption: str, customer_id: int) -> Params:
    """A round video or a location has no caption, so each header line becomes a button."""
    data = button_data(DeskVerb.LIST_DIALOGS, customer_id)
    name_lines = [truncate(line, BUTTON_TEXT_LIMIT) for line in caption.splitlines() if line.strip()][
        :NAME_LINES
    ]
    rows = [[{"text": line, "callback_data": data}] for line in name_lines]
    return {"reply_markup": {"inline_keyboard": rows}}
