"""A draft as the API shows it, and decisions about it."""

from datetime import datetime

from pydantic import Field

from holdline.dialogs.draft import Draft, DraftState
from holdline.web.pages import Page
from holdline.web.schemas.dialogs import ActingIn, CrossingIn, PersonOut
from holdline.web.schemas.fields import LongText, Out


class DraftNoteOut(Out):
    id: int
    author: PersonOut
    text: str
    at: datetime


class DraftOut(Out):
    id: int
    dialog_id: int
    author: PersonOut
    kind: str
    text: str
    state: DraftState
    reason: str | None
    decided_by: PersonOut | None
    message_id: int | None = Field(
        description="The id of the message that was sent after the approval; null before."
    )
    seen_message_id: int = Field(
        description="The id of the customer's newest message when the draft was submitted; 0 if "
        "there was none."
    )
    created_at: datetime | None
    notes: list[DraftNoteOut]

    @classmethod
    def of(cls, draft: Draft) -> "DraftOut":
        return cls(
            id=draft.id,
            dialog_id=draft.dialog_id,
            author=PersonOut.of(draft.author),
            kind=draft.content.kind,
            text=draft.content.text,
            state=draft.state,
            reason=draft.reason,
            decided_by=PersonOut.of(draft.decided_by) if draft.decided_by else None,
            message_id=draft.message_id,
            seen_message_id=draft.seen_message_id,
            created_at=draft.created_at,
            notes=[
                DraftNoteOut(id=note.id, author=PersonOut.of(note.author), text=note.text, at=note.at)
                for note in draft.notes
            ],
        )


class DraftsOut(Out):
    items: list[DraftOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, drafts: list[Draft]) -> "DraftsOut":
        on_page, after = page.cut(drafts, lambda draft: draft.id)
        return cls(items=[DraftOut.of(draft) for draft in on_page], next=after)


class ApprovalIn(ActingIn, CrossingIn):
    text: LongText | None = Field(None, description="Sent in place of the author's text.")


class ReturnIn(ActingIn):
    reason: str = Field(max_length=1024, description="What the author should change.")


class DraftTextIn(ActingIn):
    text: LongText
