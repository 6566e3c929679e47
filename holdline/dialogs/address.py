"""Where something is sent: a chat of a channel, and a thread of that chat."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """A way to meet people: what it is made of stands in docs/architecture.md."""

    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True)
class Address:
    """`chat_id` and `thread_id` as the channel numbers them; without a thread the chat itself is meant."""

    chat_id: int
    thread_id: int | None = None
    channel: Channel = Channel.TELEGRAM
