"""Custom fields of dialogs."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from holdline.dialogs.decisions.desk_fields import DeskField
from holdline.web.pages import Page
from holdline.web.schemas.dialogs import Names
from holdline.web.schemas.fields import In, Name, Out, read_whole

Position = Annotated[int, Field(ge=1, le=10_000), BeforeValidator(read_whole)]
FieldKind = Literal["text", "number", "date", "choice", "yes_no"]


class FieldIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Damage",
                    "kind": "choice",
                    "choices": ["none", "box", "goods"],
                    "required_on_close": ["Refund"],
                }
            ]
        }
    )

    name: Name
    kind: FieldKind
    choices: Names | None = Field(
        None, description="The possible values. Required for the kind `choice`, not allowed for others."
    )
    required_on_close: Names | None = Field(
        None, description="Dialogs of these types cannot be closed without a value of this field."
    )

    @property
    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class FieldChangesIn(In):
    """Only given fields change. The kind cannot change while dialogs have values."""

    name: Name | None = None
    kind: FieldKind | None = None
    choices: Names | None = None
    required_on_close: Names | None = None
    position: Position | None = Field(
        None, description="The place among the fields: 1 is the first; the other fields move."
    )

    @property
    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class FieldOut(Out):
    id: int
    name: str
    kind: FieldKind
    choices: list[str]
    required_on_close: list[str]

    @classmethod
    def of(cls, field: DeskField) -> "FieldOut":
        return cls(**{name: getattr(field, name) for name in cls.model_fields})


class FieldsOut(Out):
    items: list[FieldOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, fields: list[DeskField]) -> "FieldsOut":
        places = {field.id: place for place, field in enumerate(fields, 1)}
        shown, after = page.cut_all(fields, lambda field: places[field.id])
        return cls(items=[FieldOut.of(field) for field in shown], next=after)
