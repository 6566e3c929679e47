"""Where something is sent: a chat of a channel, and a thread of that chat."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """A way to reach people. docs/architecture.md describes what a channel consists of."""

    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True)
class Address:
    """`chat_id` and `thread_id` as the channel numbers them. Without a thread it is the chat itself."""

    chat_id: int
    thread_id: int | None = None
    channel: Channel = Channel.TELEGRAM
