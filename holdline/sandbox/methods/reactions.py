"""The bot's reactions, and pins."""

from holdline.sandbox.check import valid_part
from holdline.sandbox.errors import Refusal, bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat
from holdline.sandbox.world.posting import service
from holdline.sandbox.world.targets import chat_of, message_of, writable

ALLOWED = frozenset(
    [
        "👍",
        "👎",
        "❤",
        "🔥",
        "🥰",
        "👏",
        "😁",
        "🤔",
        "🤯",
        "😱",
        "🤬",
        "😢",
        "🎉",
        "🤩",
        "🤮",
        "💩",
        "🙏",
        "👌",
        "🕊",
        "🤡",
        "🥱",
        "🥴",
        "😍",
        "🐳",
        "❤\u200d🔥",
        "🌚",
        "🌭",
        "💯",
        "🤣",
        "⚡",
        "🍌",
        "🏆",
        "💔",
        "🤨",
        "😐",
        "🍓",
        "🍾",
        "💋",
        "🖕",
        "😈",
        "😴",
        "😭",
        "🤓",
        "👻",
        "👨\u200d💻",
        "👀",
        "🎃",
        "🙈",
        "😇",
        "😨",
        "🤝",
        "✍",
        "🤗",
        "🫡",
        "🎅",
        "🎄",
        "☃",
        "💅",
        "🤪",
        "🗿",
        "🆒",
        "💘",
        "🙉",
        "🦄",
        "😘",
        "💊",
        "🙊",
        "😎",
        "👾",
        "🤷\u200d♂",
        "🤷",
        "🤷\u200d♀",
        "😡",
    ]
)
"""The reactions that Telegram allows everywhere (Bot API documentation, ReactionTypeEmoji)."""


def set_reaction(tg: Telegram, ask: ApiRequest) -> bool:
    chat = chat_of(tg, ask)
    writable(tg, chat)
    message = message_of(chat, ask.number("message_id"), "react_not_found")
    wanted = ask.json_objects("reaction")
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in wanted:
        emoji = str(reaction.get("emoji", "")).replace("\ufe0f", "")
        if (
            reaction.get("type") != "emoji"
            or emoji not in ALLOWED
            or not valid_part(reaction, "ReactionTypeEmoji")
        ):
            raise refusal("reaction_invalid")
    wanted = [{"type": "emoji", "emoji": reaction["emoji"]} for reaction in wanted]
    own = chat.reactions.setdefault(message["message_id"], {})
    if wanted:
        own[tg.bot.id] = wanted
    else:
        own.pop(tg.bot.id, None)
    change = {"message_id": message["message_id"], "user_id": tg.bot.id, "reaction": wanted}
    tg.show("reaction", change, chat)
    return True


def _may_pin(tg: Telegram, chat: Chat) -> None:
    writable(tg, chat)
    if not chat.private and not chat.member(tg.bot.id).may("can_pin_messages"):
        raise Refusal(400, "Bad Request: not enough rights to manage pinned messages in the chat")


def pin(tg: Telegram, ask: ApiRequest) -> bool:
    chat = chat_of(tg, ask)
    _may_pin(tg, chat)
    message = message_of(chat, ask.number("message_id"), "pin_not_found")
    if message["message_id"] in chat.pinned:
        return True
    tg.limits.admit(chat.id, tg.clock.now())
    chat.pinned.append(message["message_id"])
    topic = chat.topics.get(message.get("message_thread_id", 0))
    quoted: Json = {key: value for key, value in message.items() if key != "reply_to_message"}
    service(tg, chat, tg.bot, {"pinned_message": quoted}, topic=topic)
    tg.limits.count(chat.id, tg.clock.now())
    return True


def unpin(tg: Telegram, ask: ApiRequest) -> bool:
    chat = chat_of(tg, ask)
    _may_pin(tg, chat)
    number = ask.number("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    tg.show("pins", {"pinned": list(chat.pinned)}, chat)
    return True


def unpin_all(tg: Telegram, ask: ApiRequest) -> bool:
    """unpinAllChatMessages, unpinAllForumTopicMessages."""
    chat = chat_of(tg, ask)
    _may_pin(tg, chat)
    thread = ask.number("message_thread_id")
    if thread and thread not in chat.topics:
        raise refusal("thread_not_found")
    chat.pinned = [
        number
        for number in chat.pinned
        if thread and chat.messages[number].get("message_thread_id") != thread
    ]
    tg.show("pins", {"pinned": list(chat.pinned)}, chat)
    return True
