"""Raw updates tell of people, chats and messages; what is told is there, so that the bot can answer it."""

from holdline.sandbox.json_types import Json
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat
from holdline.sandbox.world.people import SandboxUser
from holdline.sandbox.world.posting import kind_of
from holdline.sandbox.world.rights import MEMBER, Membership


def learn(tg: Telegram, update: Json) -> None:
    """As much as makes sense; a poisoned update may tell nothing."""
    for name, payload in update.items():
        if not isinstance(payload, dict):
            continue
        person = _person(tg, payload.get("from"))
        within = payload.get("message") if name == "callback_query" else payload
        chat = _chat(tg, within.get("chat"), person) if isinstance(within, dict) else None
        if name == "message" and chat is not None and person is not None:
            _keep(tg, chat, payload)


def _person(tg: Telegram, told: object) -> SandboxUser | None:
    if not isinstance(told, dict) or not _number(told.get("id")) or told["id"] <= 0:
        return None
    known = tg.world.users.get(told["id"])
    if known is not None:
        return known
    words: Json = {name: told[name] for name in ("last_name", "username") if isinstance(told.get(name), str)}
    language = told.get("language_code")
    words["language_code"] = language if isinstance(language, str) else None
    return tg.world.add_person(SandboxUser(told["id"], str(told.get("first_name") or told["id"]), **words))


def _chat(tg: Telegram, told: object, person: SandboxUser | None) -> Chat | None:
    if not isinstance(told, dict) or not _number(told.get("id")):
        return None
    if person is not None and told["id"] == person.id:
        person.started = True
        return tg.world.private_chat(person)
    known = tg.world.chats.get(told["id"])
    if known is not None or told["id"] >= 0 or told.get("type") not in ("group", "supergroup"):
        return known
    chat = tg.world.add_group(
        told["id"], str(told.get("title", "Group")), kind=told["type"], forum=told.get("is_forum") is True
    )
    chat.members[tg.bot.id] = Membership("administrator") if chat.is_forum else MEMBER
    if person is not None:
        chat.members[person.id] = MEMBER
    return chat


def _keep(tg: Telegram, chat: Chat, message: Json) -> None:
    """Shown, quoted and copied like any other; a number that is taken stays with its first message."""
    number = message.get("message_id")
    if (
        not isinstance(number, int)
        or isinstance(number, bool)
        or number in chat.messages
        or kind_of(message) == "unknown"
    ):
        return
    tg.world.count_from(chat, number)
    chat.keep(message)
    tg.show("message", message, chat)


def _number(told: object) -> bool:
    return isinstance(told, int) and not isinstance(told, bool)
