"""The content of a message of any kind, and what it refers to. Formatting is stored as entities, never as markup."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from holdline.dialogs.text.limits import length

KINDS = (
    "text", "photo", "video", "animation", "audio", "voice", "video_note", "document", "sticker",
    "location", "venue", "contact", "poll", "dice", "story",
)  # fmt: skip
CAPTIONED = frozenset({"photo", "video", "animation", "audio", "voice", "document"})
IN_ALBUMS = frozenset({"photo", "video", "audio", "document"})
"""What Telegram groups; a text that names a group stands alone, because no album can say it."""
WITH_HISTORY = "with_history"
"""Key in `Content.data` of a reply: the transcript so far follows it as a file."""
UNCOPYABLE = frozenset({"story"})

Entities = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Content:
    """`text` is the text or the caption. `data` holds what the kind needs to be sent again (file_id, latitude…).

    `chat_id` and `tg_message_id` identify the original at Telegram; both are None if it came by the API.
    `reply_outside` is the chat and the message number that it replies to in another topic or chat, as far as
    Telegram gives them.
    """

    kind: str = "text"
    text: str = ""
    entities: Entities = ()
    data: dict[str, Any] = field(default_factory=dict)
    chat_id: int | None = None
    thread_id: int | None = None
    tg_message_id: int | None = None
    album_id: str | None = None
    reply_to_tg_id: int | None = None
    reply_outside: tuple[int | None, int | None] | None = None

    @property
    def by_its_file(self) -> "Content":
        """The same, sent from its file: a copy of the original would show the file that its author puts there later."""
        if not self.data.get("file_id") or self.data.get("live"):
            return self
        return replace(self, data={**self.data, "protected": True})

    @property
    def is_passable(self) -> bool:
        """Whether Telegram lets a bot send this kind on."""
        return self.kind in KINDS and self.kind not in UNCOPYABLE


def version_of(parts: Iterable[Content]) -> int:
    """A number that changes with what the customer would get: a button carries that of what was shown with it."""
    said = [(part.kind, part.text, part.entities, part.data.get("file_unique_id")) for part in parts]
    return zlib.crc32(json.dumps(said, sort_keys=True).encode())


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message in either direction. `dialog_id` None means the general chat."""

    id: int
    bot_id: int
    customer_id: int
    dialog_id: int | None
    direction: str  # in, out
    class_: str
    author_kind: str  # customer, manager, system, funnel, broadcast, smart_reply, rule
    manager_id: int | None
    status: str
    content: Content
    reply_to_id: int | None = None

    def is_written_by_customer(self, customer_id: int) -> bool:
        return self.author_kind == "customer" and self.customer_id == customer_id

    def is_written_by_manager(self, manager_id: int) -> bool:
        return self.author_kind == "manager" and self.manager_id == manager_id


EXCERPT_LIMIT = 256
"""How many units of an answered message are kept: enough to recognise it."""
LABELS_ROOM = 256
"""Units reserved for the lines that name the sender, in any language, and for the name of a kind."""


def has_references(content: Content) -> bool:
    return bool(content.data.get("forwarded") or content.data.get("replied"))


def room_for_references(content: Content) -> int:
    """Units that the references may take above the text. Room for references that are not shown stays unused."""
    if not has_references(content):
        return 0
    return LABELS_ROOM + length(reply_excerpt(content))


def reply_excerpt(content: Content) -> str:
    """The passage that the writer quoted, or else the beginning of the message they answered."""
    quote, replied = content.data.get("quote"), content.data.get("replied") or {}
    return str((quote or {}).get("text") or replied.get("text") or "")
