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
_AS_WRITTEN = "As docs/funnels.md describes it; a fault is refused by its path, such as `steps[1].wait`."


class FunnelIn(BaseModel):
    """A whole definition with the keys of a file. Extra keys that `GET` returns may stay and are ignored."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_EXAMPLE]})

    name: Any = Field(None, description="Of this desk's funnels no other has it.")
    entry: Any = Field(None, description="How customers come in; by the API they always may.")
    steps: Any = Field(None, description=_AS_WRITTEN)

    @property
    def written(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class FunnelTryIn(FunnelIn):
    """The definition and the profile to try it with. Nothing is stored or sent."""

    profile: Any = Field(None, description='Such as {"tags": ["vip"], "language": "en", "fields": {}}.')

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


Counts = Annotated[int, Field(description="Enrolments.")]


class RefusedStepOut(Out):
    version: int
    step: str = Field(description="The address of the step in that version.")
    reason: str = Field(description="Telegram's words.")

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
    active: bool = Field(description="False while it is paused.")
    refused: RefusedStepOut | None = Field(
        description="Which step Telegram refused three times, which paused the funnel."
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
    kind: str = Field(description="sent, branch, press, answer, stop_word or goal.")
    address: str = Field(description="Of the step, such as `2.then.0`; of a goal its name.")
    branch: str | None = Field(description="The way that was taken there.")
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
