"""Types of request fields: strict JSON types with clear errors."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9998, 1, 1, tzinfo=UTC)


class In(BaseModel):
    """A request body. Unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid")

    def values_given(self, *clearable: str, exclude: set[str] | None = None) -> dict[str, Any]:
        """The given fields, under the names of the call. Null is kept only where it clears a value."""
        values = self.model_dump(exclude_unset=True, by_alias=True, exclude=exclude)
        return {name: value for name, value in values.items() if value is not None or name in clearable}


class Out(BaseModel):
    """A response body. Every field is always present, null if it has no value."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


def read_whole(value: Any) -> Any:
    """Accepts whole numbers: 3.0 is 3; true and "3" are refused."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise PydanticCustomError("whole", "not a whole number")
    return int(value)


def _yes_no(value: Any) -> Any:
    if not isinstance(value, bool):
        raise PydanticCustomError("bool_type", "not a boolean")
    return value


def moment(value: str) -> datetime:
    """Reads RFC 3339 with an offset and returns UTC."""
    try:
        read = datetime.fromisoformat(value.upper())
        utc = read.astimezone(UTC)
    except (ValueError, OverflowError) as refused:
        out_of_month = "is out of range" in str(refused) or isinstance(refused, OverflowError)
        raise PydanticCustomError("no_such_day" if out_of_month else "moment", "not a time") from refused
    if read.tzinfo is None:
        raise PydanticCustomError("moment", "not a time with its offset")
    if not _EARLIEST <= utc <= _LATEST:
        raise PydanticCustomError("moment_range", "too early or too late")
    return utc


def _text_of_moment(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("moment", "not a text")
    return moment(value)


def _day_or_moment(value: Any) -> Any:
    """A date without a time is its first moment in UTC."""
    try:
        return moment(f"{value}T00:00:00Z" if len(str(value)) == len("2026-01-01") else str(value))
    except PydanticCustomError as refused:
        if refused.type != "moment":
            raise
        raise PydanticCustomError("day", "neither a date nor a time") from refused


def refuse_nul(value: str) -> str:
    """Refuses NUL, which PostgreSQL cannot store. Bodies are checked earlier (web/guard.py)."""
    if "\x00" in value:
        raise PydanticCustomError("sayable", "not text")
    return value


def whose(assignee: str | int | None) -> dict[str, Any]:
    """A filter by assignee: `none` for unassigned, or a manager's Telegram id."""
    if assignee == "none":
        return {"unassigned": True}
    return {} if assignee is None else {"assignee_telegram_id": int(assignee)}


# Bounds stand before the validator: after it they would be kept and yet missing in the document.
TelegramId = Annotated[
    int,
    Field(ge=1, lt=2**52, description="The id of a person in Telegram: at most 52 bits."),
    BeforeValidator(read_whole),
]
OurId = Annotated[int, Field(ge=1, lt=2**53), BeforeValidator(read_whole)]
Positive = Annotated[int, Field(ge=1, lt=2**31), BeforeValidator(read_whole)]
Stars = Annotated[int, Field(ge=1, le=3), BeforeValidator(read_whole)]
Outcome = Literal["success", "failure"]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Moment = Annotated[
    datetime, BeforeValidator(_text_of_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Day = Annotated[
    datetime,
    BeforeValidator(_day_or_moment),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}),
]
Name = Annotated[str, Field(min_length=1, max_length=128)]
LongText = Annotated[str, Field(min_length=1, max_length=16384)]
FieldValue = Annotated[Any, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]
"""The value of a custom field. What is valid depends on the field's kind."""
State = Literal["active", "paused", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]
