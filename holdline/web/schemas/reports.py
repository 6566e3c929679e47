"""Reports as JSON. docs/decisions/0060 defines every number."""

from pydantic import BaseModel, Field

from holdline.dialogs.reports.kinds import ReportKind
from holdline.web.schemas.fields import Out, Outcome


class VolumeOut(Out):
    opened: int
    closed: int
    active: int = Field(
        description="Active dialogs at the end of the period; `paused` and `overdue` also refer to that time."
    )
    paused: int
    overdue: int
    customers: int = Field(description="The number of customers of the dialogs that were opened.")


class LengthsOut(Out):
    """Seconds; null if there is no value."""

    count: int
    mean: float | None
    median: float | None
    p90: float | None


class TimesOut(Out):
    first_response: LengthsOut
    next_response: LengthsOut
    resolution: LengthsOut


class CustomerScoreOut(Out):
    count: int
    mean: float | None


class SatisfactionOut(Out):
    sent: int = Field(description="The number of rating forms that were delivered.")
    answers: int
    mean: float | None
    score: float | None = Field(description="The percentage of the ratings that are 3.")
    shares: dict[str, float | None] = Field(description="The percentages of the ratings 1, 2 and 3.")
    response_rate: float | None = Field(
        description="The percentage of the delivered forms that were answered."
    )
    customer_score: CustomerScoreOut


class PromisesOut(Out):
    met: int
    breached: int
    kept: float | None = Field(description="The percentage of met time limits.")


class SlaOut(Out):
    first_response: PromisesOut
    next_response: PromisesOut
    resolution: PromisesOut


class AutomaticAnswersOut(Out):
    """Figures of the whole desk, because an automatic answer belongs to no team and no type."""

    given: int = Field(description="Automatic answers that were sent.")
    dropped: int = Field(
        description="Automatic answers that were not sent, because a person was talking to the customer."
    )
    helped: int = Field(description="How many times a customer said that one helped.")
    person: int = Field(description="How many times a customer asked for a person instead.")


class GateReportOut(Out):
    held: int
    released: int
    expired: int
    dropped: int
    median_hold: float | None = Field(
        description="The median time that released messages were held, in seconds."
    )
    smart_replies: AutomaticAnswersOut


class ManagerLineOut(Out):
    telegram_id: int | None = Field(
        description="The manager's id in Telegram; null: not closed by a manager."
    )
    name: str
    replies: int
    closed: int


class ManagersReportOut(Out):
    items: list[ManagerLineOut]


class TagLineOut(Out):
    tag: str
    dialogs: int


class TagsReportOut(Out):
    items: list[TagLineOut]


class OutcomeLineOut(Out):
    reason: str | None = Field(description="A name in `/close-reasons`; null: another reason, or none.")
    outcome: Outcome | None
    dialogs: int


class OutcomesReportOut(Out):
    items: list[OutcomeLineOut]


SHAPES: dict[ReportKind, type[BaseModel]] = {
    ReportKind.DIALOGS: VolumeOut,
    ReportKind.TIMES: TimesOut,
    ReportKind.SATISFACTION: SatisfactionOut,
    ReportKind.SLA: SlaOut,
    ReportKind.GATE: GateReportOut,
    ReportKind.MANAGERS: ManagersReportOut,
    ReportKind.TAGS: TagsReportOut,
    ReportKind.OUTCOMES: OutcomesReportOut,
}
