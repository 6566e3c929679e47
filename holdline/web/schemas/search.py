"""Results of a search."""

from dataclasses import asdict
from typing import Literal

from pydantic import Field

from holdline.desk.reading.finding import Hit
from holdline.web.schemas.fields import Out


class HitOut(Out):
    kind: Literal["dialog", "customer", "message", "note"]
    dialog_id: int | None = Field(description="The id of the dialog; null: outside dialogs.")
    customer_id: int
    snippet: str


class HitsOut(Out):
    items: list[HitOut]
    next: None = Field(description="Always null: there is only one page. More words narrow the result.")

    @classmethod
    def of(cls, hits: list[Hit]) -> "HitsOut":
        return cls(items=[HitOut(**asdict(hit)) for hit in hits], next=None)
