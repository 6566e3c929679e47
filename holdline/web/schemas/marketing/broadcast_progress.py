"""Broadcasts and their recipients as the API shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from holdline.desk.broadcasts.reading import BroadcastProgress
from holdline.dialogs.broadcasts.stars import TENTHS
from holdline.dialogs.marketing.customer_days import CAP_PER_DAY, QUIET_HOURS
from holdline.store.broadcasts.recipient_lists import PUT_OFF_COUNTED, RecipientLine
from holdline.web.pages import Page
from holdline.web.schemas.fields import Out


class ButtonPressesOut(Out):
    text: str
    data: str
    presses: int
    people: int = Field(description="How many customers have pressed the button.")


class BroadcastVariantOut(Out):
    text: str = Field(description="The text of the variant, with its variables.")
    share: int = Field(description="The share of the recipients in per cent.")


class BroadcastOut(Out):
    id: int
    status: Literal["scheduled", "sending", "paused", "done", "cancelled"]
    recipients: int
    sent: int
    held: int = Field(description="How many messages an active dialog holds now.")
    waiting: int
    quiet_hours: int = Field(
        description=f"How many of `waiting` wait for the end of their quiet hours; counted up to {PUT_OFF_COUNTED}."
    )
    quiet_until: str | None = Field(
        description="The time of day (HH:MM) at which quiet hours end, in each customer's time zone."
    )
    cap_per_day: int = Field(description="How many of `waiting` have reached the daily limit of messages.")
    goes_on_at: datetime | None = Field(description="When the first message of these two groups can be sent.")
    blocked: int = Field(description="How many customers have blocked the bot or can no longer be reached.")
    failed: int
    expired: int
    cancelled: int = Field(
        description="How many messages ended because the customer unsubscribed, a manager dropped "
        "the message, or the broadcast was cancelled."
    )
    eta_seconds: int | None = Field(
        description="Seconds until all customers who wait only for their turn have the message; "
        "null if unknown."
    )
    text: str = Field(description="The text of the first variant.")
    variants: list[BroadcastVariantOut] = Field(
        description="Every variant in the order of its number; a broadcast without variants has one."
    )
    starts_at: datetime
    local_at: str | None
    expires_at: datetime | None
    topic: str | None
    pause_reason: str | None = Field(
        description="Why it was paused automatically: the reason that Telegram gave, or `restored` "
        "after the restore of a backup."
    )
    change: str | None = Field(
        description="`edit` or `delete` while messages that were already sent are being changed or deleted."
    )
    changes_done: int
    buttons: list[ButtonPressesOut] = Field(
        description="Presses of its buttons. Telegram does not report presses of links."
    )
    paid_stars: int | None = Field(description="Its budget in Telegram Stars for calls beyond the free pace.")
    paid_spent: float | None = Field(
        description="Telegram Stars spent so far, including calls whose result is unknown."
    )
    paid_stopped: str | None = Field(
        description="Why it no longer pays and continues at the free pace: `spent`, or the reason "
        "that Telegram gave."
    )
    created_at: datetime

    @classmethod
    def of(cls, progress: BroadcastProgress) -> "BroadcastOut":
        broadcast, figures, paid = progress.broadcast, progress.figures, progress.paid
        return cls(
            id=broadcast.id,
            status=broadcast.status.value,
            recipients=figures.recipients,
            sent=figures.sent,
            held=figures.held,
            waiting=figures.waiting,
            quiet_hours=progress.count_put_off(QUIET_HOURS),
            quiet_until=f"{progress.quiet_until:%H:%M}" if progress.quiet_until else None,
            cap_per_day=progress.count_put_off(CAP_PER_DAY),
            goes_on_at=progress.put_off[0].until if progress.put_off else None,
            blocked=figures.blocked,
            failed=figures.failed,
            expired=figures.expired,
            cancelled=figures.cancelled,
            eta_seconds=progress.eta_seconds,
            text=broadcast.content.variants[0].words.text,
            variants=[
                BroadcastVariantOut(text=each.words.text, share=each.share)
                for each in broadcast.content.variants
            ],
            starts_at=broadcast.starts_at,
            local_at=broadcast.local_time.isoformat() if broadcast.local_time else None,
            expires_at=broadcast.expires_at,
            topic=broadcast.topic,
            pause_reason=broadcast.pause_reason,
            change=progress.change,
            changes_done=progress.changes_done,
            buttons=[
                ButtonPressesOut.model_validate(each, from_attributes=True) for each in progress.presses
            ],
            paid_stars=paid.budget // TENTHS if paid else None,
            paid_spent=paid.spent / TENTHS if paid else None,
            paid_stopped=paid.stopped_reason if paid else None,
            created_at=broadcast.created_at,
        )


class RecipientCountOut(Out):
    """The result of a dry run or a test, which create nothing."""

    recipients: int

    @classmethod
    def of(cls, recipients: int) -> "RecipientCountOut":
        return cls(recipients=recipients)


class BroadcastsOut(Out):
    items: list[BroadcastOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: Sequence[BroadcastProgress]) -> "BroadcastsOut":
        shown, following = page.cut(rows, lambda each: each.broadcast.id)
        return cls(items=[BroadcastOut.of(each) for each in shown], next=following)


class RecipientOut(Out):
    customer_id: int
    telegram_id: int
    status: Literal["sent", "held", "waiting", "blocked", "failed", "expired", "cancelled"]
    at: datetime | None = Field(description="When the recipient got this status; null while waiting.")
    reason: str | None
    variant: int | None = Field(description="The number of the variant, from 0; null until it is chosen.")

    @classmethod
    def of(cls, line: RecipientLine) -> "RecipientOut":
        return cls.model_validate(line, from_attributes=True)


class RecipientsOut(Out):
    items: list[RecipientOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: Sequence[RecipientLine]) -> "RecipientsOut":
        shown, following = page.cut(rows, lambda each: each.customer_id)
        return cls(items=[RecipientOut.of(each) for each in shown], next=following)
