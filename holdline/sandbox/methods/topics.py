"""Forum topics: open, rename, close, open again, delete."""

from holdline.sandbox.errors import refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat, Topic
from holdline.sandbox.world.forum import COLOURS, close_topic, delete_topic, edit_topic, open_topic
from holdline.sandbox.world.targets import chat_of, writable

NAME_MOST = 128
ICONS = {
    "5312536423851630001": "💡",
    "5312016608254762256": "⚡️",
    "5377316857231450742": "❓",
    "5237699328843200968": "✅",
}


def _forum(tg: Telegram, ask: ApiRequest) -> Chat:
    chat = chat_of(tg, ask)
    if not (chat.is_forum or (chat.private and tg.options.topics_in_private)):
        raise refusal("not_a_forum")
    writable(tg, chat)
    return chat


def _may(tg: Telegram, chat: Chat, error_id: str) -> None:
    if not chat.private and not (
        chat.member(tg.bot.id).is_admin and chat.member(tg.bot.id).may("can_manage_topics")
    ):
        raise refusal(error_id)


def _topic(chat: Chat, ask: ApiRequest) -> Topic:
    topic = chat.topics.get(ask.number("message_thread_id"))
    if topic is None:
        raise refusal("thread_not_found")
    return topic


def create(tg: Telegram, ask: ApiRequest) -> Json:
    chat = _forum(tg, ask)
    _may(tg, chat, "topic_no_right_create")
    name = ask.text("name").strip()[:NAME_MOST]
    if not name:
        raise refusal("topic_name_empty")
    colour = ask.number("icon_color") if "icon_color" in ask.params else None
    if colour is not None and colour not in COLOURS:
        raise refusal("topic_icon_color")
    tg.limits.admit(chat.id, tg.clock.now())
    icon = ask.text("icon_custom_emoji_id") or None
    topic = open_topic(tg, chat, tg.bot, name, colour=colour, icon=icon)
    tg.limits.count(chat.id, tg.clock.now())
    return topic.as_forum_topic()


def edit(tg: Telegram, ask: ApiRequest) -> bool:
    chat = _forum(tg, ask)
    topic = _topic(chat, ask)
    _may(tg, chat, "topic_no_right_edit")
    name = ask.text("name").strip()[:NAME_MOST] if "name" in ask.params else None
    if name == "" and "icon_custom_emoji_id" not in ask.params:
        raise refusal("topic_name_empty")
    icon = ask.text("icon_custom_emoji_id") if "icon_custom_emoji_id" in ask.params else None
    tg.limits.admit(chat.id, tg.clock.now(), new=False)
    if not edit_topic(tg, chat, tg.bot, topic, name=name or None, icon=icon):
        raise refusal("topic_not_modified")
    tg.limits.count(chat.id, tg.clock.now(), new=False)
    return True


def close(tg: Telegram, ask: ApiRequest) -> bool:
    return _set_closed(tg, ask, closed=True)


def reopen(tg: Telegram, ask: ApiRequest) -> bool:
    return _set_closed(tg, ask, closed=False)


def _set_closed(tg: Telegram, ask: ApiRequest, *, closed: bool) -> bool:
    chat = _forum(tg, ask)
    if chat.private:
        raise refusal("not_a_forum")
    topic = _topic(chat, ask)
    _may(tg, chat, "topic_no_right_close")
    tg.limits.admit(chat.id, tg.clock.now(), new=False)
    if not close_topic(tg, chat, tg.bot, topic, closed=closed):
        raise refusal("topic_not_modified")
    tg.limits.count(chat.id, tg.clock.now(), new=False)
    return True


def delete(tg: Telegram, ask: ApiRequest) -> bool:
    chat = _forum(tg, ask)
    topic = _topic(chat, ask)
    if not chat.private and not chat.member(tg.bot.id).may("can_delete_messages"):
        raise refusal("topic_no_right_edit")
    delete_topic(tg, chat, topic)
    return True


def icon_stickers(tg: Telegram, ask: ApiRequest) -> list[Json]:
    return [
        {
            "file_id": f"icon{number}",
            "file_unique_id": f"u{number}",
            "type": "custom_emoji",
            "width": 100,
            "height": 100,
            "is_animated": True,
            "is_video": False,
            "emoji": emoji,
            "custom_emoji_id": number,
        }
        for number, emoji in ICONS.items()
    ]
