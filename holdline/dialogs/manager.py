"""A manager: a role, and the permissions that come from the role or from a grant."""

from dataclasses import dataclass
from datetime import datetime

from holdline.dialogs.dialog import Person
from holdline.dialogs.event import Actor

ROLES = ("restricted", "agent", "manager", "admin")

PERMISSIONS = (
    "dialog.open",
    "dialog.update",
    "dialog.close",
    "dialog.assign",
    "draft.approve",
    "reply.direct",
    "dialog_settings.edit",
    "messages.edit",
    "managers.edit",
    "report.view",
    "broadcast.send",
)

_AGENT = frozenset({"dialog.open", "dialog.update", "reply.direct"})
_MANAGER = _AGENT | {"dialog.close", "dialog.assign", "draft.approve", "report.view", "broadcast.send"}

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    "restricted": frozenset({"dialog.open", "dialog.update"}),
    "agent": _AGENT,
    "manager": _MANAGER,
    "admin": frozenset(PERMISSIONS),
}
"""The permissions of each role after installation. `dialog_settings.edit` is the right named in L-14 and L-70."""


@dataclass(frozen=True, slots=True)
class Manager:
    """A person of the desk. `permissions` are those of the role as edited, or the manager's own set.

    `language_is_default`: the language is the desk's, because the manager's is not known yet.
    """

    id: int
    bot_id: int
    telegram_id: int
    name: str
    role: str
    permissions: frozenset[str]
    ready: bool = False
    active: bool = True
    language: str = "en"
    language_is_default: bool = False
    entered_dialog_id: int | None = None
    entered_at: datetime | None = None
    time_zone: str | None = None
    """The manager's own time zone. None means that times are shown in the desk's."""

    def as_actor(self) -> Actor:
        return Actor(kind="manager", name=self.name, id=self.id, telegram_id=self.telegram_id)

    def as_person(self) -> Person:
        return Person(self.id, self.telegram_id, self.name)

    def may(self, permission: str) -> bool:
        return self.active and permission in self.permissions
