"""Forwards of a dialog and their status."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from holdline.dialogs.decisions.forwards import MOST_RECIPIENTS, Forward, ForwardOrder
from holdline.dialogs.refusal import BadInput
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.fields import In, Out, TelegramId

Part = Literal["info", "history", "notes"]


class RecipientIn(In):
    """Exactly one of the three."""

    email: str | None = Field(None, max_length=320)
    telegram_id: TelegramId | None = Field(None, description="The Telegram id of a manager of the desk.")
    role: str | None = Field(None, max_length=32, description="All managers with this role are recipients.")


class ForwardIn(ActingIn):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "manager_telegram_id": 400000077,
                    "to": [{"email": "anna@example.org"}, {"role": "admin"}],
                    "subject": "Lost parcel",
                    "message": "Please look at this.",
                    "parts": ["info", "history"],
                }
            ]
        }
    )

    to: Annotated[list[RecipientIn], Field(max_length=MOST_RECIPIENTS)]
    subject: str = Field(max_length=1000, description="The subject, on one line.")
    message: str = Field("", max_length=16384)
    parts: list[Part] = Field(default_factory=list, max_length=3)

    @property
    def order(self) -> ForwardOrder:
        if any(len(one.model_dump(exclude_none=True)) != 1 for one in self.to):
            raise BadInput("to", "forwarding.mend_recipient")
        return ForwardOrder(
            subject=self.subject,
            message=self.message,
            parts=tuple(self.parts),
            emails=tuple(one.email for one in self.to if one.email is not None),
            telegram_ids=tuple(one.telegram_id for one in self.to if one.telegram_id is not None),
            roles=tuple(one.role for one in self.to if one.role is not None),
        )


class ForwardedToOut(Out):
    to: str | int = Field(description="An e-mail address, or a manager's Telegram id.")
    status: Literal["queued", "sent", "failed"]
    reason: str | None


class ForwardOut(Out):
    id: int
    dialog_id: int
    recipients: list[ForwardedToOut]

    @classmethod
    def of(cls, forward: Forward) -> "ForwardOut":
        recipients = [ForwardedToOut(**{"reason": None, **one.told}) for one in forward.recipients]
        return cls(id=forward.id, dialog_id=forward.dialog_id, recipients=recipients)
