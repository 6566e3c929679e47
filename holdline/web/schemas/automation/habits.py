"""What happens automatically in every dialog."""

from typing import Annotated, Any

from pydantic import Field

from holdline.dialogs.automation.habits import Habits
from holdline.web.schemas.fields import In, Out, YesNo

Length = Annotated[str, Field(max_length=10)]


class HabitsIn(In):
    """Only what is given changes."""

    answer_ends_pause: YesNo | None = None
    close_after: Length | None = Field(
        None, description="How long a customer is silent until their dialog closes; null: it stays open."
    )
    warn_before: Length | None = Field(None, description="How long before that they are warned.")

    alarm_held_after: Length | None = Field(
        None,
        description="How long marketing may wait for a dialog to end until its assignee and administrators are told; "
        "null: they are not.",
    )

    @property
    def changes(self) -> dict[str, Any]:
        return self.values_given("close_after", "alarm_held_after")


class HabitsOut(Out):
    answer_ends_pause: bool
    close_after: str | None
    warn_before: str
    alarm_held_after: str | None

    @classmethod
    def of(cls, habits: Habits) -> "HabitsOut":
        return cls(
            answer_ends_pause=habits.answer_ends_pause,
            close_after=habits.close_after,
            warn_before=habits.warn_before,
            alarm_held_after=habits.alarm_held_after,
        )
