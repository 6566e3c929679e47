"""What the bot itself says to customers."""

from typing import Annotated, Literal

from pydantic import Field

from holdline.desk.standard_messages import StandardMessage
from holdline.web.schemas.fields import In, Out

Language = Literal["en", "ru", "pl"]
Caption = Annotated[str, Field(min_length=1, max_length=64)]


class StandardIn(In):
    text: str = Field(min_length=1, max_length=4096)
    buttons: list[Caption] | None = Field(
        None, max_length=3, description="Captions; the rating form has exactly three. Without it they stay."
    )


class StandardOut(Out):
    key: str
    language: Language
    text: str
    buttons: list[str]
    changed: bool = Field(description="false: this is the default.")

    @classmethod
    def of(cls, message: StandardMessage) -> "StandardOut":
        return cls(
            key=message.name,
            language=message.language,  # type: ignore[arg-type] # asked for as one of the three
            text=message.text,
            buttons=list(message.buttons),
            changed=message.changed,
        )


class StandardsOut(Out):
    items: list[StandardOut]
    next: str | None = None

    @classmethod
    def of(cls, found: list[StandardMessage]) -> "StandardsOut":
        return cls(items=[StandardOut.of(message) for message in found])
