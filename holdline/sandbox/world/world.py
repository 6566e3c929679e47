"""All people and chats of the simulated Telegram."""

import random

from holdline.sandbox.errors import ControlError
from holdline.sandbox.json_types import Json
from holdline.sandbox.world.chats import Chat
from holdline.sandbox.world.people import SandboxUser
from holdline.sandbox.world.rights import KICKED, MEMBER, Membership

SEED_GROUP = -1001234567890
"""The staff forum that `seed_group` creates; the example configuration names it too."""
SEED_MANAGERS = {111111111: "Anna", 222222222: "Boris"}


class World:
    """Private chats share one message counter; each supergroup has its own."""

    def __init__(self, bot: SandboxUser, *, history: int, seed: int = 1, first: int = 1) -> None:
        self.bot = bot
        self.users: dict[int, SandboxUser] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.names: dict[str, int] = {}
        self.random = random.Random(seed)
        self._history = history
        self._first = first
        self._shared_id = first - 1

    @property
    def next_free(self) -> int:
        """A number above those of all messages in all chats, including deleted ones."""
        return max(self._shared_id, *(chat.last_id for chat in self.chats.values()), self._first) + 1

    def next_message_id(self, chat: Chat) -> int:
        if chat.type in ("supergroup", "channel"):
            chat.last_id += 1
            return chat.last_id
        self._shared_id += 1
        return self._shared_id

    def count_from(self, chat: Chat, number: int) -> None:
        """Later messages of this chat get numbers above this one."""
        if chat.type in ("supergroup", "channel"):
            chat.last_id = max(chat.last_id, number)
        else:
            self._shared_id = max(self._shared_id, number)

    def person(self, user_id: int) -> SandboxUser:
        user = self.users.get(user_id)
        if user is None:
            raise ControlError(f"nobody has the id {user_id}; create the person first")
        return user

    def add_person(self, person: SandboxUser) -> SandboxUser:
        self.users[person.id] = person
        if person.username:
            self.names[person.username.lower()] = person.id
        chat = self.chats.get(person.id)
        if chat:
            chat.face = {"id": person.id, "type": "private"} | person.names()
        return person

    def private_chat(self, person: SandboxUser) -> Chat:
        chat = self.chats.get(person.id)
        if chat is None:
            face = {"id": person.id, "type": "private"} | person.names()
            chat = self.chats[person.id] = Chat(person.id, "private", face, self._history)
            chat.members = {person.id: MEMBER, self.bot.id: KICKED if person.blocked else MEMBER}
        return chat

    def add_group(self, chat_id: int, title: str, *, kind: str = "supergroup", forum: bool = False) -> Chat:
        if chat_id in self.chats:
            raise ControlError(f"chat {chat_id} is there already; take another id or reset the sandbox")
        if chat_id >= 0:
            raise ControlError("a group's id is negative; a supergroup's begins with -100")
        face: Json = {"id": chat_id, "type": kind, "title": title}
        if forum:
            face["is_forum"] = True
        chat = self.chats[chat_id] = Chat(chat_id, kind, face, self._history, is_forum=forum)
        chat.last_id = max(chat.last_id, self._first)
        return chat

    def chat(self, chat_id: int) -> Chat:
        chat = self.chats.get(chat_id)
        if chat is None:
            raise ControlError(f"there is no chat {chat_id}; create it first, or let the person write once")
        return chat

    def seat(self, chat: Chat, user_id: int, membership: Membership) -> None:
        self.person(user_id)
        chat.members[user_id] = membership


def seed_staff(world: World) -> None:
    """Creates a staff forum with two managers and the bot as its administrator."""
    chat = world.add_group(SEED_GROUP, "Holdline staff", forum=True)
    for user_id, name in SEED_MANAGERS.items():
        world.add_person(SandboxUser(user_id, name, username=name.lower()))
        world.seat(chat, user_id, Membership("creator" if user_id == min(SEED_MANAGERS) else "administrator"))
    world.seat(chat, world.bot.id, Membership("administrator"))
