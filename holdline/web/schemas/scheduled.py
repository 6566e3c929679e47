"""Scheduled replies."""

from datetime import datetime

from pydantic import Field

from holdline.dialogs.conversation.scheduled_reply import ReplyState, ScheduledReply
from holdline.web.pages import Page
from holdline.web.schemas.dialogs import ActingIn, PersonOut
from holdline.web.schemas.fields import LongText, Out


class ScheduledOut(Out):
    id: int
    dialog_id: int
    author: PersonOut
    text: str
    files: int = Field(description="The number of files; an album is one scheduled reply.")
    at: datetime
    state: ReplyState
    reason: str | None = Field(description="The code of the refusal if the reply could not be sent.")
    on_hold: bool = Field(
        description="It was due before a backup was restored, and waits until an administrator decides."
    )
    message_id: int | None = Field(description="The id of the message that was sent; null before.")

    @classmethod
    def of(cls, reply: ScheduledReply) -> "ScheduledOut":
        return cls(
            id=reply.id,
            dialog_id=reply.dialog_id,
            author=PersonOut.of(reply.author),
            text=reply.content.text,
            files=reply.file_count,
            at=reply.send_at,
            state=reply.state,
            reason=reply.reason,
            on_hold=reply.is_held,
            message_id=reply.message_id,
        )


class ScheduledTextIn(ActingIn):
    text: LongText


class ScheduledListOut(Out):
    items: list[ScheduledOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, replies: list[ScheduledReply]) -> "ScheduledListOut":
        on_page, after = page.cut(replies, lambda reply: reply.id)
        return cls(items=[ScheduledOut.of(reply) for reply in on_page], next=after)
