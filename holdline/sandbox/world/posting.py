"""Posts messages into chats, from the bot or from a person."""

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
    """The kind of the message. The order matters, because an animation also has a document."""
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
    """Stores the message and shows it. The caller decides whether the bot gets an update."""
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
    """The message without the one it replies to: a quoted message does not include its own quoted message."""
    if "reply_to_message" not in message:
        return message
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def replace(tg: Telegram, chat: Chat, message: Json) -> Json:
    """Replaces the old message with the changed one."""
    chat.keep(message)
    tg.show("edit", message, chat)
    return message


def remove(tg: Telegram, chat: Chat, message_id: int) -> None:
    chat.forget(message_id)
    tg.show("delete", {"message_id": message_id}, chat)


def send_update(tg: Telegram, chat: Chat, kind: str, message: Json) -> None:
    """Sends the bot an update about a message, if it is in the chat."""
    if chat.member(tg.bot.id).inside:
        tg.updates.add(kind, message, ("chat", chat.id))


def service(
    tg: Telegram, chat: Chat, author: SandboxUser, content: Json, *, topic: Topic | None = None
) -> Json:
    """Posts a service message. The bot also gets those that it caused itself."""
    message = post(tg, chat, author, content, topic=topic)
    send_update(tg, chat, "message", message)
    return message
