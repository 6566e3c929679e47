"""Events of groups: members join and leave, topics close, a group becomes a supergroup."""

from collections.abc import Iterable

from holdline.sandbox.errors import ControlError
from holdline.sandbox.json_types import Json
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.chats import Chat, Topic
from holdline.sandbox.world.forum import close_topic, delete_topic, open_topic
from holdline.sandbox.world.people import SandboxUser
from holdline.sandbox.world.posting import post, send_update, service
from holdline.sandbox.world.rights import LEFT, MEMBER, STATUSES, Membership

SUPERGROUP_BASE = -1_002_000_000_000
STAND_IN = SandboxUser(1087968824, "Group", username="GroupAnonymousBot", language_code=None, is_bot=True)
"""The author of messages of anonymous administrators, with the same id everywhere."""


class Groups:
    """Acts as the people who run groups."""

    def __init__(self, tg: Telegram) -> None:
        self.tg = tg

    def forum(
        self,
        chat_id: int,
        title: str,
        members: Iterable[int] = (),
        admins: Iterable[int] = (),
        *,
        bot_rights: dict[str, bool] | None = None,
    ) -> Json:
        """Creates a supergroup with topics. The bot is its administrator, without the rights set to False."""
        chat = self.tg.world.add_group(chat_id, title, forum=True)
        self._fill(chat, members, admins)
        self.bot_becomes(chat_id, "administrator", **(bot_rights or {}))
        return chat.face

    def group(self, chat_id: int, title: str, members: Iterable[int] = (), kind: str = "group") -> Json:
        """Creates a group without topics (also with `kind="supergroup"`). The bot is an ordinary member."""
        chat = self.tg.world.add_group(chat_id, title, kind=kind)
        self._fill(chat, members, ())
        self.bot_becomes(chat_id, "member")
        return chat.face

    def _fill(self, chat: Chat, members: Iterable[int], admins: Iterable[int]) -> None:
        for user_id in members:
            self._seat(chat, user_id, MEMBER)
        for number, user_id in enumerate(admins):
            self._seat(chat, user_id, Membership("administrator" if number else "creator"))
        self.tg.show("chat", chat.summary(), chat)

    def _seat(self, chat: Chat, user_id: int, membership: Membership) -> None:
        if user_id not in self.tg.world.users:
            self.tg.world.add_person(SandboxUser(user_id, f"Person {user_id}"))
        self.tg.world.seat(chat, user_id, membership)

    def joins(self, user_id: int, chat_id: int, status: str = "member", **rights: bool) -> None:
        """Adds a member or changes a member's status. For the bot itself it calls `bot_becomes`."""
        if user_id == self.tg.bot.id:
            self.bot_becomes(chat_id, status, **rights)
            return
        chat = self.tg.world.chat(chat_id)
        old = chat.member(user_id)
        self._seat(chat, user_id, _membership(status, rights))
        person = self.tg.world.person(user_id)
        if not old.inside and chat.member(user_id).inside:
            service(self.tg, chat, person, {"new_chat_members": [person.as_user()]})
        self._report_member(chat, person, old)

    def leaves(self, user_id: int, chat_id: int) -> None:
        chat = self.tg.world.chat(chat_id)
        if user_id == self.tg.bot.id:
            self.bot_becomes(chat_id, "left")
            return
        old = chat.member(user_id)
        if not old.inside:
            raise ControlError(f"{user_id} is not in chat {chat_id}")
        person = self.tg.world.person(user_id)
        chat.members[user_id] = LEFT
        service(self.tg, chat, person, {"left_chat_member": person.as_user()})
        self._report_member(chat, person, old)

    def _report_member(self, chat: Chat, person: SandboxUser, old: Membership) -> None:
        self.tg.show("chat", chat.summary(), chat)
        if chat.member(self.tg.bot.id).is_admin:
            change = self._change(chat, person, old, person)
            self.tg.updates.add("chat_member", change, ("member", chat.id))

    def _change(self, chat: Chat, whom: SandboxUser, old: Membership, by: SandboxUser) -> Json:
        user = whom.as_user()
        change: Json = {"chat": chat.face, "from": by.as_user(), "date": self.tg.clock.date()}
        change["old_chat_member"] = old.as_chat_member(user)
        change["new_chat_member"] = chat.member(whom.id).as_chat_member(user)
        return change

    def bot_becomes(self, chat_id: int, status: str, **rights: bool) -> None:
        """Promotes, restricts or removes (`kicked`, `left`) the bot. The bot gets my_chat_member."""
        chat = self.tg.world.chat(chat_id)
        bot = self.tg.bot
        old = chat.member(bot.id)
        chat.members[bot.id] = _membership(status, rights)
        self.tg.show("chat", chat.summary(), chat)
        change = self._change(chat, bot, old, self._default_actor(chat))
        self.tg.updates.add("my_chat_member", change, ("member", chat.id))

    def _default_actor(self, chat: Chat) -> SandboxUser:
        """The person who acts in a group if none was named: its owner, an administrator, or any member."""
        people = [user_id for user_id in chat.members if user_id != self.tg.bot.id]
        ranked = sorted(people, key=lambda user_id: STATUSES.index(chat.member(user_id).status))
        if ranked:
            return self.tg.world.person(ranked[0])
        return self.tg.world.add_person(SandboxUser(777000, "Telegram"))

    def migrates(self, chat_id: int) -> int:
        """Converts the group to a supergroup with a new id. The old id is refused from now on."""
        old = self.tg.world.chat(chat_id)
        if old.private or old.migrated_to:
            raise ControlError(
                f"chat {chat_id} cannot become a supergroup; name a group that has not moved yet"
            )
        new_id = SUPERGROUP_BASE - len(self.tg.world.chats)
        title = str(old.face.get("title", ""))
        new = self.tg.world.add_group(new_id, title, forum=old.is_forum)
        new.members = dict(old.members)
        person = self._default_actor(old)
        farewell = post(self.tg, old, person, {"migrate_to_chat_id": new_id})
        old.migrated_to = new_id
        welcome = post(self.tg, new, person, {"migrate_from_chat_id": chat_id})
        send_update(self.tg, old, "message", farewell)
        send_update(self.tg, new, "message", welcome)
        self.tg.show("chat", new.summary(), new)
        return new_id

    def says_anonymously(self, chat_id: int, text: str, thread_id: int | None = None) -> Json:
        """Writes as an anonymous administrator: the author is Telegram's stand-in, not a person."""
        chat = self.tg.world.chat(chat_id)
        topic = self._topic_there(chat_id, thread_id)[1] if thread_id else None
        content = {"sender_chat": chat.face, "text": text}
        message = post(self.tg, chat, STAND_IN, content, topic=topic)
        send_update(self.tg, chat, "message", message)
        return message

    def deletes_group(self, chat_id: int) -> None:
        self.tg.world.chat(chat_id).deleted = True

    def _topic_there(self, chat_id: int, thread_id: int) -> tuple[Chat, Topic]:
        chat = self.tg.world.chat(chat_id)
        if thread_id not in chat.topics:
            raise ControlError(f"chat {chat_id} has no topic {thread_id}; GET chats lists the topics")
        return chat, chat.topics[thread_id]

    def opens_topic(self, user_id: int, chat_id: int, name: str) -> Json:
        """Opens a topic as a person."""
        chat = self.tg.world.chat(chat_id)
        return open_topic(self.tg, chat, self.tg.world.person(user_id), name).as_forum_topic()

    def deletes_topic(self, chat_id: int, thread_id: int) -> None:
        """Deletes the topic with its messages. The bot gets no update."""
        delete_topic(self.tg, *self._topic_there(chat_id, thread_id))

    def closes_topic(self, chat_id: int, thread_id: int, closed: bool = True) -> None:
        chat, topic = self._topic_there(chat_id, thread_id)
        close_topic(self.tg, chat, self._default_actor(chat), topic, closed=closed)


def _membership(status: str, rights: dict[str, bool]) -> Membership:
    if status not in STATUSES:
        raise ControlError(f"{status!r} is no status; take one of {', '.join(STATUSES)}")
    return Membership(status, rights)
