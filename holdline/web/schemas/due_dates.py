"""A due date that moves."""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from holdline.dialogs.decisions.postponing import Shift
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.fields import In, Moment, read_whole

Positive = Annotated[int, Field(ge=1, lt=2**31), BeforeValidator(read_whole)]


class ShiftIn(In):
    """Exactly one of them."""

    hours: Positive | None = None
    days: Positive | None = None
    months: Positive | None = None


class PostponeIn(ActingIn):
    """Either `by` or `until`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"manager_telegram_id": 400000077, "by": {"days": 2}}]}
    )

    by: ShiftIn | None = None
    until: Moment | None = None

    @property
    def shift(self) -> Shift:
        """Without a unit where it does not say one thing: the desk refuses that in words."""
        units = self.by.model_dump(exclude_none=True) if self.by is not None else {}
        if self.until is not None and self.by is None:
            return Shift(until=self.until)
        if self.until is not None or len(units) != 1:
            return Shift()
        ((unit, number),) = units.items()
        return Shift(unit, number)


class PauseIn(ActingIn):
    until: Moment | None = Field(None, description="When the dialog goes on by itself; without it never.")
