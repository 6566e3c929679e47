"""Managers."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.notifications import TOPICS, NotificationSettings
from holdline.web.pages import Page
from holdline.web.schemas.fields import In, Name, Out, TelegramId, YesNo

Role = Literal["restricted", "agent", "manager", "admin"]


class ManagerIn(In):
    telegram_id: TelegramId
    name: Name
    role: Role


class ManagerChangesIn(In):
    """Only what is given changes."""

    name: Name | None = None
    role: Role | None = None
    ready: YesNo | None = None
    active: YesNo | None = Field(None, description="false removes the person from the desk.")
    language: Literal["en", "ru", "pl"] | None = None
    permissions: list[str] | None = Field(
        None,
        max_length=50,
        description="The person's own set of permissions; null: the permissions of the role apply again.",
    )

    @property
    def changes(self) -> dict[str, Any]:
        return self.values_given("permissions")


class ManagerOut(Out):
    id: int
    telegram_id: int
    name: str
    role: Role
    permissions: list[str]
    ready: bool
    active: bool
    language: str

    @classmethod
    def of(cls, manager: Manager) -> "ManagerOut":
        return cls(
            id=manager.id,
            telegram_id=manager.telegram_id,
            name=manager.name,
            role=manager.role,  # type: ignore[arg-type] # the desk knows these four only
            permissions=sorted(manager.permissions),
            ready=manager.ready,
            active=manager.active,
            language=manager.language,
        )


class ManagersOut(Out):
    items: list[ManagerOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, managers: list[Manager]) -> "ManagersOut":
        page_managers, after = page.cut(managers, lambda manager: manager.id)
        return cls(items=[ManagerOut.of(manager) for manager in page_managers], next=after)


Channels = list[Literal["telegram", "email"]]


def _none() -> Channels:
    return []


class NotificationsIn(In):
    """The whole choice. A topic that is left out is not notified."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"assigned": ["telegram", "email"], "escalation": ["email"], "email": "anna@example.org"}
            ]
        }
    )

    dialog_created: Channels = Field(
        default_factory=_none, max_length=2, description="Notifications of every new dialog."
    )
    stage: Channels = Field(default_factory=_none, max_length=2)
    queue: Channels = Field(default_factory=_none, max_length=2)
    tags: Channels = Field(default_factory=_none, max_length=2)
    note: Channels = Field(default_factory=_none, max_length=2)
    attachment: Channels = Field(default_factory=_none, max_length=2)
    escalation: Channels = Field(
        default_factory=_none, max_length=2, description="Notifications of overdue dialogs."
    )
    assigned: Channels = Field(default_factory=_none, max_length=2)
    email: str | None = Field(
        None, max_length=320, description="Required if any notification is sent by e-mail."
    )

    @property
    def choice(self) -> dict[str, Any]:
        channels = self.model_dump(exclude={"email"})
        return {"channels": channels, "email": self.email}


class NotificationsOut(Out):
    dialog_created: Channels
    stage: Channels
    queue: Channels
    tags: Channels
    note: Channels
    attachment: Channels
    escalation: Channels
    assigned: Channels
    email: str | None

    @classmethod
    def of(cls, settings: NotificationSettings) -> "NotificationsOut":
        chosen: dict[str, Any] = {topic: list(settings.channels_for(topic)) for topic in TOPICS}
        return cls(**chosen, email=settings.email)
