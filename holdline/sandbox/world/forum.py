"""Opens, edits, closes and deletes topics."""

from holdline.sandbox.json_types import Json
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat, Topic
from holdline.sandbox.world.people import SandboxUser
from holdline.sandbox.world.posting import post, remove, send_update, service

COLOURS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def open_topic(
    tg: Telegram,
    chat: Chat,
    author: SandboxUser,
    name: str,
    *,
    colour: int | None = None,
    icon: str | None = None,
) -> Topic:
    created: Json = {"name": name, "icon_color": colour if colour is not None else COLOURS[0]}
    if icon:
        created["icon_custom_emoji_id"] = icon
    opening = post(tg, chat, author, {"forum_topic_created": created})
    number = opening["message_id"]
    opening |= {"message_thread_id": number, "is_topic_message": True}
    topic = Topic(number, name, created["icon_color"], icon, opening=opening)
    chat.topics[number] = topic
    send_update(tg, chat, "message", opening)
    tg.show("topic", topic.as_forum_topic() | {"closed": False}, chat)
    return topic


def edit_topic(
    tg: Telegram, chat: Chat, author: SandboxUser, topic: Topic, *, name: str | None, icon: str | None
) -> bool:
    """Returns whether anything changed."""
    edited: Json = {}
    if name is not None and name != topic.name:
        topic.name = edited["name"] = name
    if icon is not None and icon != (topic.icon_custom_emoji_id or ""):
        topic.icon_custom_emoji_id = icon or None
        edited["icon_custom_emoji_id"] = icon
    if edited:
        service(tg, chat, author, {"forum_topic_edited": edited}, topic=topic)
        tg.show("topic", topic.as_forum_topic() | {"closed": topic.closed}, chat)
    return bool(edited)


def close_topic(tg: Telegram, chat: Chat, author: SandboxUser, topic: Topic, *, closed: bool) -> bool:
    """Returns whether anything changed. `closed=False` opens the topic again."""
    if topic.closed == closed:
        return False
    topic.closed = closed
    service(tg, chat, author, {"forum_topic_closed" if closed else "forum_topic_reopened": {}}, topic=topic)
    tg.show("topic", topic.as_forum_topic() | {"closed": closed}, chat)
    return True


def delete_topic(tg: Telegram, chat: Chat, topic: Topic) -> None:
    """Deletes the topic with all its messages. The bot gets no update."""
    del chat.topics[topic.id]
    for message in list(chat.visible(topic.id)):
        remove(tg, chat, message["message_id"])
    tg.show("topic_deleted", {"message_thread_id": topic.id}, chat)
