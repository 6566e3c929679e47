"""A customer: a person who writes to a bot. The key is (bot, Telegram id)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdline.dialogs.address import Address
from holdline.dialogs.event import Actor
from holdline.dialogs.gate import Gate


@dataclass(frozen=True, slots=True)
class Mute:
    """Messages of the customer outside dialogs are shown to nobody. `until` None means until somebody unmutes."""

    at: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Customer:
    """`reach` is ok, blocked, deactivated or unknown. `started_at` is the time of the newest /start."""

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
    """The mute that was in effect when the customer was read."""
    time_zone: str | None = None
    """None if it is not known; then the desk's time zone applies."""
    fields: dict[str, Any] = field(default_factory=dict, hash=False)
    """Values that tools and funnels store: texts, numbers, booleans."""

    @property
    def address(self) -> Address:
        """Where to reach the customer. In Telegram this is the private chat, whose id is the person's id."""
        return Address(self.telegram_id)

    def as_actor(self) -> Actor:
        return Actor(kind="customer", name=self.name, id=self.id, telegram_id=self.telegram_id)


@dataclass(frozen=True, slots=True)
class MessageSender:
    """The sender as Telegram describes them. Control and direction characters were removed from names on intake.

    `language` is empty if Telegram gives none that we support; then the desk's language is used.
    """

    telegram_id: int
    name: str
    username: str | None = None
    language: str = "en"
