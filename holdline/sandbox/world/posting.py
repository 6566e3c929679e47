"""Putting a message into a chat, from the bot or from a person."""

from holdline.sandbox.json_types import Json
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat, Topic
from holdline.sandbox.world.people import SandboxUser

CONTENT = (
    "text",
    "photo",
    "video",
    "animation",
    "audio",
    "voice",
    "video_note",
    "document",
    "sticker",
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "story",
)
SERVICE = (
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "pinned_message",
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)


def kind_of(message: Json) -> str:
    """The name of what the message holds; an animation also carries a document, so order matters."""
    return next((name for name in (*CONTENT, *SERVICE) if name in message), "unknown")


def is_service(message: Json) -> bool:
    return any(name in message for name in SERVICE)


def post(
    tg: Telegram,
    chat: Chat,
    author: SandboxUser,
    content: Json,
    *,
    topic: Topic | None = None,
    reply_to: Json | None = None,
) -> Json:
    """Stores the message and shows it; whether the bot is told is for the caller."""
    message: Json = {"message_id": tg.world.next_message_id(chat), "from": author.as_user()}
    message |= {"chat": chat.face, "date": tg.clock.date()}
    if topic:
        message |= {"message_thread_id": topic.id, "is_topic_message": True}
    if reply_to:
        message["reply_to_message"] = without_reply(reply_to)
    elif topic and topic.opening and not is_service(content):
        message["reply_to_message"] = topic.opening
    message |= content
    chat.keep(message)
    tg.show("message", message, chat)
    return message


def without_reply(message: Json) -> Json:
    """A quoted message does not carry what it quoted itself."""
    if "reply_to_message" not in message:
        return message
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def replace(tg: Telegram, chat: Chat, message: Json) -> Json:
    """The changed message takes the old one's place."""
    chat.keep(message)
    tg.show("edit", message, chat)
    return message


def remove(tg: Telegram, chat: Chat, message_id: int) -> None:
    chat.forget(message_id)
    tg.show("delete", {"message_id": message_id}, chat)


def tell(tg: Telegram, chat: Chat, kind: str, message: Json) -> None:
    """An update about a message, if the bot is there to see it."""
    if chat.member(tg.bot.id).inside:
        tg.updates.add(kind, message, ("chat", chat.id))


def service(
    tg: Telegram, chat: Chat, author: SandboxUser, content: Json, *, topic: Topic | None = None
) -> Json:
    """A service message; the bot sees those of its own doing too."""
    message = post(tg, chat, author, content, topic=topic)
    tell(tg, chat, "message", message)
    return message
