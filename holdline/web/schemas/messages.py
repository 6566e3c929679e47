"""Messages and history, line by line."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from holdline.dialogs.conversation.scheduled_reply import ScheduledReply
from holdline.dialogs.draft import Draft
from holdline.dialogs.message import Message
from holdline.store.tx import Row
from holdline.web.pages import Page
from holdline.web.schemas.fields import Out


class SentOut(Out):
    id: int
    status: str

    @classmethod
    def of(cls, message: Message) -> "SentOut":
        return cls(id=message.id, status=message.status)


class SaidOut(SentOut):
    dialog_id: int

    @classmethod
    def of(cls, message: Message | Draft | ScheduledReply) -> "SaidOut":
        """`id` is that of the message; before there is one, that of the draft or the scheduled reply."""
        if isinstance(message, ScheduledReply):
            return cls(id=message.id, status="scheduled", dialog_id=message.dialog_id)
        if isinstance(message, Draft):
            return cls(id=message.id, status="draft", dialog_id=message.dialog_id)
        assert message.dialog_id is not None
        return cls(id=message.id, status=message.status, dialog_id=message.dialog_id)


class NotedOut(Out):
    id: int
    dialog_id: int
    status: Literal["stored"] = "stored"


class NoteOut(Out):
    id: int
    author: "AuthorOut"
    text: str = Field(description="The text; empty if the note was deleted.")
    at: datetime
    deleted_at: datetime | None

    @classmethod
    def of(cls, row: Row) -> "NoteOut":
        author = AuthorOut(kind="manager", telegram_id=row["author_telegram_id"], name=row["author_name"])
        text = "" if row["deleted_at"] is not None else row["text"]
        return cls(id=row["id"], author=author, text=text, at=row["created_at"], deleted_at=row["deleted_at"])


class NotesOut(Out):
    items: list[NoteOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[Row]) -> "NotesOut":
        on_page, after = page.cut(rows, lambda row: int(row["id"]))
        return cls(items=[NoteOut.of(row) for row in on_page], next=after)


def _nothing(value: object) -> bool:
    return value is None


class AuthorOut(Out):
    kind: str
    telegram_id: int | SkipJsonSchema[None] = Field(
        None, exclude_if=_nothing, description="The Telegram id; only for people."
    )
    name: str


class SourceOut(Out):
    origin: Literal["user", "hidden_user", "chat", "channel"]
    name: str
    id: int | SkipJsonSchema[None] = Field(
        None, exclude_if=_nothing, description="The Telegram id; missing for hidden users."
    )
    message_id: int | SkipJsonSchema[None] = Field(
        None, exclude_if=_nothing, description="The number of the message; only for posts of a channel."
    )
    what: str | SkipJsonSchema[None] = Field(
        None, exclude_if=_nothing, description="The kind of the message; missing for a text."
    )


class LineOut(Out):
    id: int
    at: datetime
    direction: Literal["in", "out"]
    channel: str
    author: AuthorOut
    kind: str
    text: str
    status: str
    dialog_id: int | None
    forwarded_from: SourceOut | SkipJsonSchema[None] = Field(
        None, exclude_if=_nothing, description="The original author, if the message was forwarded."
    )
    answers: SourceOut | SkipJsonSchema[None] = Field(
        None, exclude_if=_nothing, description="The message in another chat that this message answers."
    )
    quote: str | SkipJsonSchema[None] = Field(
        None, exclude_if=_nothing, description="The passage of the answered message that the author quoted."
    )


class LinesOut(Out):
    items: list[LineOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, lines: list[dict[str, Any]]) -> "LinesOut":
        page_lines, after = page.cut(lines, lambda line: int(line["id"]))
        return cls(items=[LineOut.model_validate(line) for line in page_lines], next=after)


class ActorOut(Out):
    kind: Literal["manager", "customer", "rule", "system"]
    telegram_id: int | SkipJsonSchema[None] = Field(
        None, exclude_if=_nothing, description="The Telegram id; only for people."
    )
    name: str


class EntryOut(Out):
    id: int
    at: datetime
    kind: str
    actor: ActorOut
    text: str | SkipJsonSchema[None] = Field(
        None, exclude_if=_nothing, description="The text, if the entry has one."
    )
    data: dict[str, Any] = Field(description="Further data; the keys depend on the kind of the entry.")
    dialog_id: int | None


class HistoryOut(Out):
    items: list[EntryOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, entries: list[dict[str, Any]]) -> "HistoryOut":
        page_entries, after = page.cut(entries, lambda entry: int(entry["id"]))
        return cls(items=[EntryOut.model_validate(entry) for entry in page_entries], next=after)
