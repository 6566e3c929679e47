"""One change of many dialogs, and its progress."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from holdline.dialogs.bulk import MOST_DIALOGS, BulkJob, BulkStep
from holdline.dialogs.refusal import BadInput
from holdline.store.dialogs.dialog_filter import DialogFilter
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.fields import In, Name, OurId, Out, Priority, State, TelegramId, YesNo, whose
from holdline.web.schemas.steps import DialogStepIn


class FilterIn(In):
    """As in GET /dialogs."""

    state: State | None = None
    assignee: TelegramId | Literal["none"] | None = None
    stage: Name | None = None
    tag: Name | None = None
    team: Name | None = None
    queue: Name | None = None
    type: Name | None = None
    priority: Priority | None = None
    channel: Name | None = None
    overdue: YesNo | None = None

    @property
    def narrowed(self) -> DialogFilter:
        values = self.model_dump(exclude={"assignee"}, exclude_none=True)
        return DialogFilter(**whose(self.assignee), **values)


class StepIn(DialogStepIn):
    """Exactly one of these."""

    @property
    def step(self) -> BulkStep:
        given = self.model_dump(exclude_unset=True)
        if len(given) != 1:
            raise BadInput("do", "bulk.one_step")
        ((name, value),) = given.items()
        if value is None and name not in ("assign", "queue"):
            raise BadInput(f"do.{name}", "bulk.one_step")
        return BulkStep(name, value)


Ids = Annotated[list[OurId], Field(min_length=1, max_length=MOST_DIALOGS)]


class BulkIn(ActingIn):
    """`dialogs` by id, or those that `filter` matches now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"manager_telegram_id": 400000077, "dialogs": [1, 2], "do": {"stage": "In handling"}},
            ]
        }
    )

    dialogs: Ids | None = None
    filter: FilterIn | None = None
    do: StepIn

    @property
    def words(self) -> dict[str, Any]:
        return {
            "step": self.do.step,
            "dialog_ids": self.dialogs,
            "narrowed": self.filter.narrowed if self.filter is not None else None,
        }


class RefusedDialogOut(Out):
    dialog_id: int
    code: str
    message: str


class BulkOut(Out):
    id: int
    state: Literal["running", "done"]
    total: int
    done: int
    refused: list[RefusedDialogOut]

    @classmethod
    def of(cls, job: BulkJob) -> "BulkOut":
        refused = [
            RefusedDialogOut(dialog_id=each.dialog_id, code=each.code, message=each.message)
            for each in job.refused
        ]
        return cls.model_validate(
            {"id": job.id, "state": job.state, "total": job.total, "done": job.done, "refused": refused}
        )
