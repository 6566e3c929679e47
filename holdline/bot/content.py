"""Converts an aiogram Message of any kind into our own content and sender, without changing its formatting."""

from collections.abc import Callable, Iterable
from typing import Any

from aiogram.enums import ContentType
from aiogram.types import (
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)
from pydantic import BaseModel

from holdline.bot.intake.job_runner import Undecodable
from holdline.bot.people import sender_from_user
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import CAPTIONED, EXCERPT_LIMIT, IN_ALBUMS, KINDS, Content, Entities
from holdline.dialogs.text.splitting import clean_name, truncate

UNSUPPORTED = "unsupported"
_AS = {"live_photo": "photo"}
_REFUSED = frozenset(
    {
        ContentType.UNKNOWN, ContentType.PAID_MEDIA, ContentType.CHECKLIST, ContentType.GAME, ContentType.INVOICE,
        ContentType.GIVEAWAY, ContentType.GIVEAWAY_WINNERS, ContentType.RICH_MESSAGE, ContentType.GIFT,
        ContentType.UNIQUE_GIFT, ContentType.PASSPORT_DATA,
    }
)  # fmt: skip
"""Kinds that a person can send but a bot cannot copy (copyMessage, Bot API). They get an explanation; all other kinds
are service messages.
"""

_OF_MEDIA = (
    "file_id",
    "file_unique_id",
    "file_name",
    "mime_type",
    "file_size",
    "duration",
    "emoji",
    "set_name",
)
_KEPT = ("has_media_spoiler", "show_caption_above_media")


def content_of(message: Message) -> Content | None:
    """Returns None for a service message."""
    kind_name = ContentType(message.content_type).value
    kind = _AS.get(kind_name, kind_name)
    if kind not in KINDS:
        return _content(message, UNSUPPORTED, {"what": kind_name}) if kind_name in _REFUSED else None
    data = _DATA.get(kind, _file_fields)(message, kind_name)
    if kind == "poll" and data.get("type") == "quiz" and not data.get("answer_known"):
        return _content(
            message, UNSUPPORTED, {"what": "quiz"}
        )  # Telegram copies no quiz whose answer it hides
    return _content(message, kind, data)


def sender_of(message: Message) -> MessageSender | None:
    """Returns None if no person sent it, as with channels and other bots."""
    person = message.from_user
    return None if person is None or person.is_bot else sender_from_user(person)


def _content(message: Message, kind: str, data: dict[str, Any]) -> Content:
    plain = kind == "text"
    captioned = kind in CAPTIONED or kind == UNSUPPORTED
    return Content(
        kind=kind,
        text=(message.text if plain else message.caption if captioned else None) or "",
        entities=raw_entities(message.entities if plain else message.caption_entities if captioned else None),
        data={**data, **_common_fields(message)},
        chat_id=message.chat.id,
        thread_id=thread_of(message),
        tg_message_id=message.message_id,
        album_id=message.media_group_id if kind in IN_ALBUMS else None,
        reply_to_tg_id=_reply_id(message),
        reply_outside=_outside_reply(message),
    )


def thread_of(message: Message) -> int | None:
    """The topic's thread id. Replies outside forums also carry a thread id, which is not a topic."""
    return message.message_thread_id if message.is_topic_message else None


def raw_entities(entities: Iterable[BaseModel] | None) -> Entities:
    """The entities as Telegram sent them, including fields that this version does not know."""
    return tuple(_raw(entity) for entity in entities or ())


def _raw(model: BaseModel) -> dict[str, Any]:
    try:
        return model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    except ValueError as wrong:
        raise Undecodable(type(wrong).__name__) from None  # a date before the first one, as text


def is_reply(message: Message) -> bool:
    """Whether the message replies to another message of the same chat."""
    return _reply_id(message) is not None


def _reply_id(message: Message) -> int | None:
    """The id of the message that is replied to. In a topic every message formally replies to the service message that
    created it; that does not count.
    """
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None or replied.message_id == thread_of(message):
        return None
    return replied.message_id


def _outside_reply(message: Message) -> tuple[int | None, int | None] | None:
    """A reply to a message of another topic or chat. For private chats Telegram gives neither the chat nor the message
    id.
    """
    reply = message.external_reply
    return None if reply is None else (reply.chat.id if reply.chat else None, reply.message_id)


def _common_fields(message: Message) -> dict[str, Any]:
    """The fields that do not depend on the kind of the message."""
    data: dict[str, Any] = {name: True for name in _KEPT if getattr(message, name)}
    if message.has_protected_content:
        data["protected"] = True
    if message.link_preview_options is not None:
        data["link_preview_options"] = _raw(message.link_preview_options)
    data |= references_of(message, is_reply=is_reply(message))
    if message.quote is not None and (message.quote.is_manual or message.external_reply is not None):
        data["quote"] = {"text": message.quote.text, "entities": list(raw_entities(message.quote.entities))}
    return data


def _file_fields(message: Message, kind: str) -> dict[str, Any]:
    """The fields that are needed to find or resend the file, without thumbnails."""
    medium = getattr(message, kind)
    fields = _raw(medium)
    return {name: fields[name] for name in _OF_MEDIA if fields.get(name) is not None}


def _photo(message: Message, kind: str) -> dict[str, Any]:
    """The largest size of the photo."""
    if kind != "photo" or not message.photo:
        return {**_file_fields(message, kind), "live": True}
    largest = max(message.photo, key=lambda size: size.width * size.height)
    return {"file_id": largest.file_id, "file_unique_id": largest.file_unique_id}


def _text(message: Message, kind: str) -> dict[str, Any]:
    return {}


def _all_fields(message: Message, kind: str) -> dict[str, Any]:
    return _raw(getattr(message, kind))


def _venue(message: Message, kind: str) -> dict[str, Any]:
    venue = _all_fields(message, kind)
    return {**venue.pop("location"), **venue}


def _poll(message: Message, kind: str) -> dict[str, Any]:
    poll = _all_fields(message, kind)
    kept: dict[str, Any] = {
        name: poll[name]
        for name in ("question", "type", "is_anonymous", "allows_multiple_answers")
        if name in poll
    }
    has_answer = poll.get("correct_option_ids") or poll.get("correct_option_id") is not None
    return kept | {
        "options": [option["text"] for option in poll["options"]],
        "answer_known": bool(has_answer),
    }


def _story(message: Message, kind: str) -> dict[str, Any]:
    return {"id": _all_fields(message, kind)["id"]}


_DATA: dict[str, Callable[[Message, str], dict[str, Any]]] = {
    "text": _text,
    "photo": _photo,
    "contact": _all_fields,
    "location": _all_fields,
    "dice": _all_fields,
    "venue": _venue,
    "poll": _poll,
    "story": _story,
}


ForwardOrigin = MessageOriginUser | MessageOriginHiddenUser | MessageOriginChat | MessageOriginChannel


def references_of(message: Message, *, is_reply: bool) -> dict[str, Any]:
    """`forwarded`: whom the message was forwarded from. `replied`: the text of the message that it replies to, if there
    is no copy of that one.
    """
    references: dict[str, Any] = {}
    if message.forward_origin is not None:
        references["forwarded"] = _origin(message.forward_origin)
    if message.external_reply is not None:
        references["replied"] = {
            **_origin(message.external_reply.origin),
            "outside": True,
            **_kind_of_reply(message.external_reply),
        }
    elif is_reply and (replied := message.reply_to_message) is not None:
        references["replied"] = {
            "text": truncate(replied.text or replied.caption or "", EXCERPT_LIMIT),
            **_kind_of_reply(replied),
        }
    return references


def _kind_of_reply(answered: object) -> dict[str, str]:
    """The kind of the message that is replied to, unless it is plain text."""
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
    """The channel's title, with the author's signature if there is one."""
    return clean_name(" · ".join(part for part in (name, signature) if part), fallback="?")
