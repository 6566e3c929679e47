"""Changes of due dates."""

from datetime import datetime

from pydantic import ConfigDict, Field

from holdline.dialogs.decisions.postponing import Shift
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.fields import In, Moment, Positive


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
        return shift_of(self.by, self.until)


def shift_of(by: ShiftIn | None, until: datetime | None) -> Shift:
    """A shift without a unit if the fields do not name exactly one; the desk refuses that with an explanation."""
    units = by.model_dump(exclude_none=True) if by is not None else {}
    if until is not None and by is None:
        return Shift(until=until)
    if until is not None or len(units) != 1:
        return Shift()
    ((unit, number),) = units.items()
    return Shift(unit, number)


class PauseIn(ActingIn):
    until: Moment | None = Field(
        None, description="When the dialog resumes by itself; without it, it does not."
    )
