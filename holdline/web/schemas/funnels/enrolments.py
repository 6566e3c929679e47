"""Enrolments as the API shows them."""

from datetime import datetime
from typing import Any

from pydantic import Field

from holdline.dialogs.funnels.course import Phase
from holdline.dialogs.funnels.enrolment import Enrolment, EnrolmentState
from holdline.web.pages import Page
from holdline.web.schemas.fields import In, Out, TelegramId, YesNo


class EnrolmentIn(In):
    telegram_id: TelegramId
    again: YesNo = Field(False, description="true: a customer who has finished this funnel enters it again.")


class EnrolmentOut(Out):
    id: int
    funnel_id: int
    version: int = Field(description="The version of the funnel that applies to this customer.")
    customer_id: int
    state: EnrolmentState
    step: str = Field(description="The address of the customer's current step, such as `2.then.0`.")
    phase: Phase = Field(
        description="`begin` (the step is starting), `saying` (its message is being sent) or `waiting`."
    )
    next_at: datetime | None = Field(description="When it continues by itself; null if it does not.")
    answers: dict[str, Any]
    goal: str | None = Field(description="The last goal that was reached; null if none was.")
    reason: str | None = Field(
        description="Why it ended: opted_out, blocked, deactivated, taken_out, stop_word, goal, stop or end."
    )
    entry: str = Field(
        description="How the customer entered: `api`, `start`, `tag`, `button`, `dialog_closed` or `manager`."
    )
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, enrolment: Enrolment) -> "EnrolmentOut":
        return cls(
            id=enrolment.id,
            funnel_id=enrolment.funnel_id,
            version=enrolment.version,
            customer_id=enrolment.customer_id,
            state=enrolment.state,
            step=enrolment.position,
            phase=enrolment.phase,
            next_at=enrolment.next_at,
            answers=enrolment.answers,
            goal=enrolment.goal,
            reason=enrolment.reason,
            entry=enrolment.entry,
            created_at=enrolment.created_at,
            ended_at=enrolment.ended_at,
        )


class EnrolmentsOut(Out):
    items: list[EnrolmentOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[Enrolment]) -> "EnrolmentsOut":
        shown, after = page.cut(rows, lambda one: one.id)
        return cls(items=[EnrolmentOut.of(one) for one in shown], next=after)
