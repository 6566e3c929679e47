"""Finds the chat, the topic or the message of a request, or raises the server's error."""

from holdline.sandbox.errors import Refusal, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat, Topic


def chat_of(tg: Telegram, ask: ApiRequest, name: str = "chat_id") -> Chat:
    """The chat of the request. People and groups that the bot has never met are not found."""
    raw = ask.params.get(name)
    if raw in (None, ""):
        raise refusal("chat_id_empty")
    chat_id = tg.world.names.get(raw[1:].lower()) if isinstance(raw, str) and raw.startswith("@") else raw
    if not isinstance(chat_id, int) or isinstance(chat_id, bool):
        raise refusal("chat_not_found")
    chat = tg.world.chats.get(chat_id)
    if chat is None:
        raise _chat_not_found(tg, chat_id)
    if chat.migrated_to:
        moved = refusal("migrated")
        moved.parameters = {"migrate_to_chat_id": chat.migrated_to}
        raise moved
    if not chat.private:
        _require_membership(tg, chat)
    return chat


def _chat_not_found(tg: Telegram, chat_id: int) -> Refusal:
    person = tg.world.users.get(chat_id)
    if person is None:
        return refusal("chat_not_found")
    if person.is_bot:
        return refusal("bot_to_bot")
    return refusal("cant_initiate")


def _require_membership(tg: Telegram, chat: Chat) -> None:
    if chat.deleted:
        raise refusal("group_deleted")
    status = chat.member(tg.bot.id).status
    if status == "kicked":
        raise refusal(
            {"group": "kicked_group", "channel": "kicked_channel"}.get(chat.type, "kicked_supergroup")
        )
    if status == "left":
        if chat.type == "supergroup":
            raise refusal("not_member_supergroup")
        raise Refusal(403, f"Forbidden: bot is not a member of the {chat.type} chat")


WORDING = {
    "can_send_messages": "send text messages",
    "can_send_photos": "send photos",
    "can_send_videos": "send videos",
    "can_send_audios": "send music",
    "can_send_documents": "send documents",
    "can_send_voice_notes": "send voice notes",
    "can_send_video_notes": "send video notes",
    "can_send_polls": "send polls",
    "can_send_other_messages": "send stickers",
}


def writable(tg: Telegram, chat: Chat, right: str = "can_send_messages") -> None:
    """Raises Telegram's error if the bot may not write there."""
    if chat.private:
        person = tg.world.users[chat.id]
        if person.deactivated:
            raise refusal("user_deactivated")
        if person.blocked:
            raise refusal("bot_blocked")
        if not person.started:
            raise refusal("cant_initiate")
        return
    standing = chat.member(tg.bot.id)
    if standing.status != "restricted" or standing.may(right):
        return
    if not any(standing.rights.values()):
        raise refusal("no_write_access" if right != "can_send_messages" else "no_rights_text")
    if right == "can_send_messages":
        raise refusal("no_rights_text")
    raise Refusal(400, f"Bad Request: not enough rights to {WORDING.get(right, 'send messages')} to the chat")


def topic_of(tg: Telegram, chat: Chat, ask: ApiRequest) -> Topic | None:
    """The topic of message_thread_id; None (General) if it is left out."""
    thread_id = ask.number("message_thread_id")
    if not thread_id:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise refusal("thread_not_found")
    if topic.closed and not chat.member(tg.bot.id).may("can_manage_topics"):
        raise refusal("topic_closed")
    return topic


def message_of(chat: Chat, message_id: int, missing: str) -> Json:
    message = chat.messages.get(message_id)
    if message is None:
        raise refusal(missing)
    return message
