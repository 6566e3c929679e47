"""Funnels as the API shows them. A definition is returned as it was written."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from holdline.desk.funnels.figures import FunnelFigures
from holdline.dialogs.funnels.enrolment import Funnel, RefusedStep
from holdline.web.pages import Page
from holdline.web.schemas.fields import Out

_EXAMPLE: dict[str, Any] = {
    "name": "Welcome",
    "entry": {"start": "promo"},
    "steps": [
        {"send": {"text": "Welcome! Here is how it works."}},
        {"wait": "2h"},
        {"if": {"tag": "vip"}, "then": [{"send": {"text": "A gift for you."}}], "else": [{"stop": True}]},
        {"goal": "welcomed"},
    ],
}
_AS_WRITTEN = (
    "The steps, as docs/funnels.md describes them. An error names its path, such as `steps[1].wait`."
)


class FunnelIn(BaseModel):
    """A whole definition with the keys of a file. Extra keys that `GET` returns may stay and are ignored."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_EXAMPLE]})

    name: Any = Field(None, description="The name. No other funnel of this desk may have it.")
    entry: Any = Field(None, description="How customers enter. The API can enrol customers in any case.")
    steps: Any = Field(None, description=_AS_WRITTEN)

    @property
    def written(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class FunnelTryIn(FunnelIn):
    """The definition and the profile to try it with. Nothing is stored or sent."""

    profile: Any = Field(
        None,
        description='The customer to try it with, such as {"tags": ["vip"], "language": "en", "fields": {}}.',
    )

    @property
    def written(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"profile"})


class DryMessageOut(Out):
    after: int = Field(description="Seconds since the customer entered.")
    text: str


class DryFunnelOut(Out):
    messages: list[DryMessageOut]

    @classmethod
    def of(cls, messages: list[tuple[int, str]]) -> "DryFunnelOut":
        return cls(messages=[DryMessageOut(after=after, text=text) for after, text in messages])


Counts = Annotated[int, Field(description="The number of enrolments.")]


class RefusedStepOut(Out):
    version: int
    step: str = Field(description="The address of the step in that version.")
    reason: str = Field(description="The reason that Telegram gave.")

    @classmethod
    def of(cls, refused: RefusedStep) -> "RefusedStepOut":
        return cls(version=refused.version, step=refused.address, reason=refused.reason)


def _state_of(funnel: Funnel) -> dict[str, Any]:
    own = {name: getattr(funnel, name) for name in ("id", "name", "version", "active")}
    return own | {"refused": None if funnel.refused is None else RefusedStepOut.of(funnel.refused)}


class FunnelOut(Out):
    id: int
    name: str
    version: int
    active: bool = Field(description="false while the funnel is paused.")
    refused: RefusedStepOut | None = Field(
        description="The step whose message Telegram refused three times in a row, which paused the "
        "funnel; null if there is none."
    )

    @classmethod
    def of(cls, funnel: Funnel) -> "FunnelOut":
        return cls(**_state_of(funnel))


class FunnelWholeOut(FunnelOut):
    """With the keys of the definition beside these."""

    model_config = ConfigDict(extra="allow")

    @classmethod
    def of(cls, funnel: Funnel) -> "FunnelWholeOut":
        return cls.model_validate({**funnel.definition, **_state_of(funnel)})


class FunnelCountedOut(FunnelOut):
    running: Counts
    done: Counts
    left: Counts


class FunnelsOut(Out):
    items: list[FunnelCountedOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rows: list[tuple[Funnel, dict[str, int]]]) -> "FunnelsOut":
        shown, after = page.cut(rows, lambda row: row[0].id)
        items = [
            FunnelCountedOut(
                **_state_of(funnel),
                running=counts.get("running", 0),
                done=counts.get("done", 0),
                left=counts.get("left", 0),
            )
            for funnel, counts in shown
        ]
        return cls(items=items, next=after)


class StepFiguresOut(Out):
    kind: str = Field(
        description="What is counted: `sent`, `branch`, `press`, `answer`, `stop_word` or `goal`."
    )
    address: str = Field(description="The address of the step, such as `2.then.0`; for a goal its name.")
    branch: str | None = Field(description="The branch that was taken; null for other kinds.")
    enrolments: int


class FunnelStatsOut(Out):
    """`steps` counts one version, each enrolment once; the other counts are of all versions."""

    id: int
    version: int
    running: Counts
    done: Counts
    left: Counts
    steps: list[StepFiguresOut]

    @classmethod
    def of(cls, figures: FunnelFigures) -> "FunnelStatsOut":
        return cls(
            id=figures.funnel.id,
            version=figures.funnel.version,
            running=figures.counts.get("running", 0),
            done=figures.counts.get("done", 0),
            left=figures.counts.get("left", 0),
            steps=[
                StepFiguresOut(
                    kind=row["kind"], address=row["address"], branch=row["branch"], enrolments=row["number"]
                )
                for row in figures.steps
            ],
        )
