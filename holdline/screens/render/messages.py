"""Messages of people and funnels to a customer: text as text, media as copies without a sender name."""

from dataclasses import replace

from holdline.dialogs.message import Content, Message
from holdline.dialogs.outbox.marketing import MarketingSample
from holdline.dialogs.outbox.messages import MessagePart
from holdline.dialogs.outside_buttons import wire_rows
from holdline.dialogs.text.richtext import RichText
from holdline.screens.marketing.way_out import rows_under
from holdline.screens.render import manager_mentions
from holdline.screens.render.keyboards import keyboard
from holdline.screens.render.render_context import Params, message_of, render_context_of, reply_target_of
from holdline.screens.render.send_calls import input_medium, media_call, text_call, with_last_line
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.telegram.parts import part_of


def message(tx: Tx, item: Row, which: MessagePart) -> Call | Skip:
    """One part. The reply is attached to the first part, the buttons to the last."""
    said, context = message_of(tx, item), render_context_of(tx, item)
    if said is None:
        return Skip("the message is gone")
    part, parts = which.part, which.parts or 1
    quoted = reply_target_of(tx, item, said, context)
    buttons = keyboard(rows_under(tx, said, item), context.language) if part == parts - 1 else {}
    words = manager_mentions.strip(tx, said)
    if said.content.kind != "text" and part == 0:
        # The caption is given explicitly, because a plain copy would show later edits, even refused ones.
        return media_call(context, said.content, words, quoted, buttons)
    part_text = part_of(replace(said.content, entities=words.entities), part=part, has_header=False)
    extra = {**preview_of(said), **quoted, **buttons}
    return text_call(context, part_text, extra) if part_text else Skip("the text ended in an earlier part")


def sample(tx: Tx, item: Row, which: MarketingSample) -> Call | Skip:
    """The message as the customer will see it. Links work; a press of a data button reaches no tool."""
    context = render_context_of(tx, item)
    words = RichText(which.text, manager_mentions.without_managers(tx, which.entities))
    rows = manager_mentions.rows_without_managers(tx, which.buttons)
    buttons = keyboard(wire_rows(rows), context.language)
    parts = [Content(each["kind"], data={"file_id": each["source"]}) for each in which.media]
    if len(parts) > 1:
        words = with_last_line(words, which.way_out)
        media = [input_medium(part, words if part is parts[0] else None) for part in parts]
        return Call("sendMediaGroup", {**context.target(), "media": media})
    if parts:
        return media_call(context, parts[0], words, buttons)
    preview = {} if which.link_preview else {"link_preview_options": {"is_disabled": True}}
    return text_call(context, words, buttons, preview)


def preview_of(outgoing: Message) -> Params:
    """The link preview options that the writer chose."""
    options = outgoing.content.data.get("link_preview_options")
    return {"link_preview_options": options} if options else {}
