"""An Inbox item as the API shows it, and calls about it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from holdline.dialogs.dialog import Person
from holdline.store.tx import Row
from holdline.web.pages import Page
from holdline.web.schemas.dialogs import PersonOut
from holdline.web.schemas.fields import Out

ItemState = Literal["new", "answered", "ignored", "moved"]


class ItemOut(Out):
    id: int
    customer_id: int
    name: str = Field(description="The customer's name.")
    channel: str
    state: ItemState
    messages: int
    text: str = Field(description="The text of the first message; empty if that was no text.")
    first_at: datetime
    last_at: datetime
    assignee: PersonOut | None
    team: str | None
    dialog_id: int | None = Field(
        description="The dialog that was opened from the item, or into which its messages were moved."
    )

    @classmethod
    def of(cls, row: Row) -> "ItemOut":
        assignee = None
        if row["assignee_id"] is not None:
            assignee = PersonOut.of(
                Person(row["assignee_id"], row["assignee_telegram_id"], row["assignee_name"])
            )
        return cls(
            id=row["id"],
            customer_id=row["customer_id"],
            name=row["customer_name"],
            channel="telegram",
            state=row["state"],
            messages=row["message_count"],
            text=row["first_text"] or "",
            first_at=row["first_at"] or row["created_at"],
            last_at=row["last_at"] or row["changed_at"],
            assignee=assignee,
            team=row["team_name"],
            dialog_id=row["dialog_id"],
        )


class ItemsOut(Out):
    items: list[ItemOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[Row]) -> "ItemsOut":
        on_page, after = page.cut(rows, lambda row: int(row["id"]))
        return cls(items=[ItemOut.of(row) for row in on_page], next=after)
