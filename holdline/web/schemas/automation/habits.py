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
        None,
        description="A dialog closes after the customer was silent for this long, such as `3d`. "
        "Must be longer than `warn_before`. null: dialogs do not close by themselves.",
    )
    warn_before: Length | None = Field(
        None,
        description="How long before this close the customer is warned, such as `12h`; at least 10 minutes.",
    )

    alarm_held_after: Length | None = Field(
        None,
        description="When marketing has waited for this long behind a dialog, such as `7d`, its "
        "assignee and the administrators are notified. At least 10 minutes; null: nobody is "
        "notified.",
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
