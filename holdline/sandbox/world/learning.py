"""Creates the people, chats and messages that raw updates mention, so that the bot can answer them."""

from typing import TypeGuard

from holdline.sandbox.json_types import Json
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat
from holdline.sandbox.world.people import SandboxUser
from holdline.sandbox.world.posting import kind_of
from holdline.sandbox.world.rights import MEMBER, Membership

_HIGHEST = 2**31
"""Telegram numbers the messages of a chat in 32 bits."""


def learn(tg: Telegram, update: Json) -> None:
    """Creates everything that can be read from the update. A malformed update may yield nothing."""
    for name, payload in update.items():
        if not isinstance(payload, dict):
            continue
        person = _person(tg, payload.get("from"))
        within = payload.get("message") if name == "callback_query" else payload
        chat = _chat(tg, within.get("chat"), person) if isinstance(within, dict) else None
        if name == "message" and chat is not None and person is not None:
            _keep(tg, chat, payload)


def _person(tg: Telegram, value: object) -> SandboxUser | None:
    if not isinstance(value, dict) or not _number(value.get("id")) or value["id"] <= 0:
        return None
    user = tg.world.users.get(value["id"])
    if user is not None:
        return user
    words: Json = {
        name: value[name] for name in ("last_name", "username") if isinstance(value.get(name), str)
    }
    language = value.get("language_code")
    words["language_code"] = language if isinstance(language, str) else None
    return tg.world.add_person(SandboxUser(value["id"], str(value.get("first_name") or value["id"]), **words))


def _chat(tg: Telegram, value: object, person: SandboxUser | None) -> Chat | None:
    if not isinstance(value, dict) or not _number(value.get("id")):
        return None
    if person is not None and value["id"] == person.id:
        person.started = True
        return tg.world.private_chat(person)
    existing = tg.world.chats.get(value["id"])
    if existing is not None or value["id"] >= 0 or value.get("type") not in ("group", "supergroup"):
        return existing
    chat = tg.world.add_group(
        value["id"], str(value.get("title", "Group")), kind=value["type"], forum=value.get("is_forum") is True
    )
    chat.members[tg.bot.id] = Membership("administrator") if chat.is_forum else MEMBER
    if person is not None:
        chat.members[person.id] = MEMBER
    return chat


def _keep(tg: Telegram, chat: Chat, message: Json) -> None:
    """Stores the message like any other, so that it can be shown, quoted and copied. If the number is taken, the first
    message keeps it. Numbers that Telegram never gives do not change the number of the next message.
    """
    number = message.get("message_id")
    if (
        not _number(number)
        or not 0 < number < _HIGHEST
        or number in chat.messages
        or kind_of(message) == "unknown"
    ):
        return
    tg.world.count_from(chat, number)
    chat.keep(message)
    tg.show("message", message, chat)


def _number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
