"""Reports as JSON. docs/decisions/0060 defines every number."""

from pydantic import BaseModel, Field

from holdline.dialogs.reports.kinds import ReportKind
from holdline.web.schemas.fields import Out, Outcome


class VolumeOut(Out):
    opened: int
    closed: int
    active: int = Field(description="At the end of the period, as `paused` and `overdue`.")
    paused: int
    overdue: int
    customers: int = Field(description="People of the dialogs that were opened.")


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
    sent: int = Field(description="Rating forms that arrived.")
    answers: int
    mean: float | None
    score: float | None = Field(description="Answers of 3, in per cent.")
    shares: dict[str, float | None] = Field(description="Of 1, 2 and 3, in per cent.")
    response_rate: float | None = Field(description="How many of the forms sent were answered, in per cent.")
    customer_score: CustomerScoreOut


class PromisesOut(Out):
    met: int
    breached: int
    kept: float | None = Field(description="In per cent.")


class SlaOut(Out):
    first_response: PromisesOut
    next_response: PromisesOut
    resolution: PromisesOut


class GateReportOut(Out):
    held: int
    released: int
    expired: int
    dropped: int
    median_hold: float | None = Field(description="Seconds, of what was released.")


class ManagerLineOut(Out):
    telegram_id: int | None = Field(description="null where nobody of the desk closed it.")
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
    reason: str | None = Field(description="A name of /close-reasons; null: other words, or none.")
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
