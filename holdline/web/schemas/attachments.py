"""Files of a dialog, as the API shows them."""

from datetime import datetime

from holdline.dialogs.decisions.attachments import Attachment
from holdline.web.pages import Page
from holdline.web.schemas.fields import Out


class AttachmentOut(Out):
    id: int
    dialog_id: int
    name: str
    mime: str
    size: int
    author: str
    created_at: datetime

    @classmethod
    def of(cls, attachment: Attachment) -> "AttachmentOut":
        return cls(**{name: getattr(attachment, name) for name in cls.model_fields})


class AttachmentsOut(Out):
    items: list[AttachmentOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, attachments: list[Attachment]) -> "AttachmentsOut":
        shown, after = page.cut_all(attachments, lambda each: each.id)
        return cls(items=[AttachmentOut.of(each) for each in shown], next=after)
