"""A customer: a person writing to a bot; the key is (bot, Telegram id)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdline.dialogs.address import Address
from holdline.dialogs.event import Actor
from holdline.dialogs.gate import Gate


@dataclass(frozen=True, slots=True)
class Mute:
    """What the customer writes outside dialogs is shown to nobody; `until` None means until somebody unmutes."""

    at: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Customer:
    """`reach` is ok, blocked, deactivated or unknown; `started_at` is the newest /start."""

    id: int
    bot_id: int
    telegram_id: int
    name: str
    username: str | None
    language: str
    gate: Gate
    reach: str
    started_at: datetime | None
    opted_out_at: datetime | None
    created_at: datetime
    mute: Mute | None = None
    """The one that held when the customer was read."""
    time_zone: str | None = None
    """None: nobody has told it, so that the desk's counts."""
    fields: dict[str, Any] = field(default_factory=dict, hash=False)
    """Values that tools and funnels keep: texts, numbers, yes or no."""

    @property
    def address(self) -> Address:
        """Where the customer is met: in Telegram the own chat, whose id is the person's."""
        return Address(self.telegram_id)

    def as_actor(self) -> Actor:
        return Actor(kind="customer", name=self.name, id=self.id, telegram_id=self.telegram_id)


@dataclass(frozen=True, slots=True)
class MessageSender:
    """Who wrote, as Telegram tells it; names are cleaned of control and direction signs by the edge.

    `language` is empty where Telegram tells none that we speak: then the desk's own is spoken.
    """

    telegram_id: int
    name: str
    username: str | None = None
    language: str = "en"
