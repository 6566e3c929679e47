"""Methods about chats, members and files."""

from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat
from holdline.sandbox.world.people import SandboxUser
from holdline.sandbox.world.posting import service
from holdline.sandbox.world.rights import KICKED, LEFT, PERMISSIONS
from holdline.sandbox.world.targets import chat_of

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(tg: Telegram, ask: ApiRequest) -> Json:
    chat = chat_of(tg, ask)
    face = chat.face | {"accent_color_id": abs(chat.id) % 7, "max_reaction_count": 11}
    face["accepted_gift_types"] = dict.fromkeys(GIFTS, False)
    if not chat.private:
        face["permissions"] = dict.fromkeys(PERMISSIONS[:11], True)
    if chat.pinned:
        face["pinned_message"] = chat.messages[chat.pinned[-1]]
    return face


def _member(tg: Telegram, chat: Chat, person: SandboxUser) -> Json:
    return chat.member(person.id).as_chat_member(person.as_user())


def get_member(tg: Telegram, ask: ApiRequest) -> Json:
    chat = chat_of(tg, ask)
    person = tg.world.users.get(ask.number("user_id"))
    if person is None:
        raise bad_request("user not found")
    if person.id != tg.bot.id and person.id not in chat.members and chat.private:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return _member(tg, chat, person)


def get_administrators(tg: Telegram, ask: ApiRequest) -> list[Json]:
    chat = chat_of(tg, ask)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    people = [tg.world.users[user_id] for user_id, seat in chat.members.items() if seat.is_admin]
    return [_member(tg, chat, person) for person in people if not person.is_bot or person.id == tg.bot.id]


def get_member_count(tg: Telegram, ask: ApiRequest) -> int:
    return sum(seat.inside for seat in chat_of(tg, ask).members.values())


def leave(tg: Telegram, ask: ApiRequest) -> bool:
    chat = chat_of(tg, ask)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[tg.bot.id] = LEFT
    tg.show("chat", chat.summary(), chat)
    return True


def ban(tg: Telegram, ask: ApiRequest) -> bool:
    """banChatMember and unbanChatMember, which only allows the person to join again."""
    chat = chat_of(tg, ask)
    person = tg.world.users.get(ask.number("user_id"))
    if person is None:
        raise bad_request("user not found")
    if chat.private:
        raise bad_request("can't ban members in private chats")
    if not (chat.member(tg.bot.id).is_admin and chat.member(tg.bot.id).may("can_restrict_members")):
        raise bad_request("not enough rights to restrict/unrestrict chat member")
    if ask.method == "banChatMember":
        if chat.member(person.id).is_admin:
            raise bad_request(
                "can't remove chat owner"
                if chat.member(person.id).status == "creator"
                else "user is an administrator of the chat"
            )
        was_inside = chat.member(person.id).inside
        chat.members[person.id] = KICKED
        if was_inside:
            service(tg, chat, tg.bot, {"left_chat_member": person.as_user()})
    elif not chat.member(person.id).inside or not ask.flag("only_if_banned"):
        chat.members[person.id] = LEFT
    tg.show("chat", chat.summary(), chat)
    return True


def get_photos(tg: Telegram, ask: ApiRequest) -> Json:
    """Always empty: nobody here has a profile photo."""
    if ask.number("user_id") not in tg.world.users:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


def get_file(tg: Telegram, ask: ApiRequest) -> Json:
    if not ask.text("file_id"):
        raise refusal("wrong_file_id")
    stored = tg.files.downloadable(ask.text("file_id"))
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }
