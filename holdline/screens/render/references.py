"""The lines above a message at the desk that say whom it was forwarded from and what it answers."""

from holdline.dialogs.message import Message
from holdline.dialogs.references import answered_words
from holdline.dialogs.text.richtext import Rich, lines, marked
from holdline.dialogs.text.splitting import inline
from holdline.screens.render.headers import within_room
from holdline.screens.render.render_context import Scene, is_answered_here
from holdline.store.tx import Tx
from holdline.texts import say


def with_references(tx: Tx, head: Rich, message: Message, scene: Scene) -> Rich:
    """Below the head. A customer's answer to what stands in this very place needs no words: Telegram shows it."""
    forwarded, replied = (message.content.data.get(name) for name in ("forwarded", "replied"))
    told = [within_room(head)]
    if forwarded:
        line = say("cards.forwarded_from", scene.language, name=inline(forwarded["name"]))
        told.append(marked(line, "italic"))
    if replied and (replied.get("outside") or _needs_words(tx, message, scene)):
        told.extend(_answered(message, scene.language))
    return lines(*told)


def _answered(message: Message, language: str) -> list[Rich]:
    replied = message.content.data["replied"]
    name = replied.get("name")
    line = (
        say("cards.answers_outside", language, name=inline(name)) if name else say("cards.answers", language)
    )
    words = answered_words(message.content)
    if not words and replied.get("what"):
        words = say(f"desk_notices.kind_{replied['what']}", language)
    return [marked(line, "italic"), marked(words, "blockquote")]


def _needs_words(tx: Tx, message: Message, scene: Scene) -> bool:
    return message.author_kind == "customer" and not is_answered_here(tx, message, scene)
