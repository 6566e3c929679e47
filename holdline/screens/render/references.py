"""The lines above a message at the desk that say whom it was forwarded from and what it answers."""

from holdline.dialogs.message import Message, reply_excerpt
from holdline.dialogs.text.richtext import RichText, lines, with_mark
from holdline.dialogs.text.splitting import inline
from holdline.screens.render.headers import fit_header
from holdline.screens.render.render_context import RenderContext, is_answered_here
from holdline.store.tx import Tx
from holdline.texts import say


def with_references(tx: Tx, head: RichText, message: Message, context: RenderContext) -> RichText:
    """Adds them below the header. Not needed if a customer answers a message in the same place, because Telegram shows
    that.
    """
    forwarded, replied = (message.content.data.get(name) for name in ("forwarded", "replied"))
    headings = [fit_header(head)]
    if forwarded:
        line = say("cards.forwarded_from", context.language, name=inline(forwarded["name"]))
        headings.append(with_mark(line, "italic"))
    if replied and (replied.get("outside") or _needs_words(tx, message, context)):
        headings.extend(_reply_lines(message, context.language))
    return lines(*headings)


def _reply_lines(message: Message, language: str) -> list[RichText]:
    replied = message.content.data["replied"]
    name = replied.get("name")
    line = (
        say("cards.answers_outside", language, name=inline(name)) if name else say("cards.answers", language)
    )
    words = reply_excerpt(message.content)
    if not words and replied.get("what"):
        words = say(f"desk_notices.kind_{replied['what']}", language)
    return [with_mark(line, "italic"), with_mark(words, "blockquote")]


def _needs_words(tx: Tx, message: Message, context: RenderContext) -> bool:
    return message.author_kind == "customer" and not is_answered_here(tx, message, context)
