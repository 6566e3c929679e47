"""The people of the desk."""

from typing import Any, Literal

from pydantic import Field

from holdline.dialogs.manager import Manager
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
    active: YesNo | None = Field(None, description="false: the person leaves the desk.")
    language: Literal["en", "ru", "pl"] | None = None
    permissions: list[str] | None = Field(
        None, max_length=50, description="An own set of rights; null follows the role again."
    )

    @property
    def changes(self) -> dict[str, Any]:
        values = self.model_dump(exclude_unset=True)
        return {name: value for name, value in values.items() if value is not None or name == "permissions"}


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
