"""What the desk lets happen by itself in every dialog."""

from typing import Any

from holdline.dialogs.automation.habits import Habits
from holdline.web.schemas.fields import In, Out, YesNo


class HabitsIn(In):
    """Only what is given changes."""

    answer_ends_pause: YesNo | None = None

    @property
    def changes(self) -> dict[str, Any]:
        return self.values_given()


class HabitsOut(Out):
    answer_ends_pause: bool

    @classmethod
    def of(cls, habits: Habits) -> "HabitsOut":
        return cls(answer_ends_pause=habits.answer_ends_pause)
