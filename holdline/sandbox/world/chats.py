"""One chat: its members, its topics, its visible messages."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from holdline.sandbox.json_types import Json
from holdline.sandbox.world.rights import LEFT, Membership


@dataclass(slots=True)
class Topic:
    """`id` is the number of the service message that opened it; `opening` is that message."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str | None = None
    closed: bool = False
    opening: Json = field(default_factory=dict)

    def as_forum_topic(self) -> Json:
        fields: Json = {"message_thread_id": self.id, "name": self.name, "icon_color": self.icon_color}
        if self.icon_custom_emoji_id:
            fields["icon_custom_emoji_id"] = self.icon_custom_emoji_id
        return fields


@dataclass(slots=True)
class Chat:
    id: int
    type: str
    face: Json
    """The Chat object in messages. It is replaced, never changed."""
    history: int
    is_forum: bool = False
    members: dict[int, Membership] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    reactions: dict[int, dict[int, list[Json]]] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    last_id: int = 1  # number 1 is the creation of the group; as a topic it is General
    migrated_to: int | None = None
    deleted: bool = False

    @property
    def private(self) -> bool:
        return self.type == "private"

    def keep(self, message: Json) -> None:
        """Stores or replaces a message. Beyond the limit the oldest messages are removed."""
        self.messages[message["message_id"]] = message
        while len(self.messages) > self.history:
            oldest = next(iter(self.messages))
            self.forget(oldest)

    def forget(self, message_id: int) -> None:
        self.messages.pop(message_id, None)
        self.reactions.pop(message_id, None)
        if message_id in self.pinned:
            self.pinned.remove(message_id)

    def member(self, user_id: int) -> Membership:
        return self.members.get(user_id, LEFT)

    def visible(self, thread_id: int | None = None) -> Iterator[Json]:
        for message in self.messages.values():
            if thread_id is None or message.get("message_thread_id") == thread_id:
                yield message

    def summary(self) -> Json:
        """The data for the list of a chat page."""
        return {
            "id": self.id,
            "type": self.type,
            "title": self.face.get("title") or self.face.get("first_name", ""),
            "is_forum": self.is_forum,
            "migrated_to": self.migrated_to,
            "topics": [topic.as_forum_topic() | {"closed": topic.closed} for topic in self.topics.values()],
            "members": [
                {"user_id": user_id, "status": membership.status}
                for user_id, membership in self.members.items()
            ],
        }
