"""Where words come from that somebody passes on, and what they answer, as far as Telegram tells."""

from typing import Any

from aiogram.types import (
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

from holdline.dialogs.message import KINDS
from holdline.dialogs.references import EXCERPT_LIMIT
from holdline.dialogs.text.splitting import clean_name, truncate

ForwardOrigin = MessageOriginUser | MessageOriginHiddenUser | MessageOriginChat | MessageOriginChannel


def references_of(message: Message, *, is_reply: bool) -> dict[str, Any]:
    """`forwarded`: from whom; `replied`: what was answered, in words that need no copy of it."""
    found: dict[str, Any] = {}
    if message.forward_origin is not None:
        found["forwarded"] = _origin(message.forward_origin)
    if message.external_reply is not None:
        found["replied"] = {
            **_origin(message.external_reply.origin),
            "outside": True,
            **_what(message.external_reply),
        }
    elif is_reply and (replied := message.reply_to_message) is not None:
        found["replied"] = {
            "text": truncate(replied.text or replied.caption or "", EXCERPT_LIMIT),
            **_what(replied),
        }
    return found


def _what(answered: object) -> dict[str, str]:
    """The kind of what was answered, where it is more than a text."""
    kind = next((kind for kind in KINDS if kind != "text" and getattr(answered, kind, None)), None)
    return {"what": kind} if kind else {}


def _origin(origin: ForwardOrigin) -> dict[str, Any]:
    match origin:
        case MessageOriginUser(sender_user=person):
            bot = {"is_bot": True} if person.is_bot else {}
            return {"origin": "user", "id": person.id, "name": _name(person.full_name), **bot}
        case MessageOriginHiddenUser(sender_user_name=name):
            return {"origin": "hidden_user", "name": _name(name)}
        case MessageOriginChat(sender_chat=chat, author_signature=signature):
            return {"origin": "chat", "id": chat.id, "name": _name(chat.title or chat.full_name, signature)}
        case MessageOriginChannel(chat=chat, author_signature=signature, message_id=number):
            name = _name(chat.title, signature)
            return {"origin": "channel", "id": chat.id, "name": name, "message_id": number}


def _name(name: str | None, signature: str | None = None) -> str:
    """A channel's post may be signed."""
    return clean_name(" · ".join(part for part in (name, signature) if part), fallback="?")
