"""The bot's own texts to customers."""

from typing import Annotated, Literal

from pydantic import Field

from holdline.dialogs.rules import DeskRules
from holdline.dialogs.standard_message import StandardMessage, is_switched_on
from holdline.web.schemas.fields import In, Out

Language = Literal["en", "ru", "pl"]
Caption = Annotated[str, Field(min_length=1, max_length=64)]


class StandardIn(In):
    text: str = Field(min_length=1, max_length=4096)
    buttons: list[Caption] | None = Field(
        None,
        max_length=3,
        description="The texts of the buttons; the rating form has exactly three. Without it they "
        "stay as they are.",
    )


class StandardOut(Out):
    key: str
    language: Language
    text: str
    buttons: list[str]
    changed: bool = Field(description="false: this is the default text.")
    sent: bool = Field(
        description="false: customers do not get this message. `desk.announce_opened` or "
        "`desk.announce_closed` = true in the configuration switches it on."
    )

    @classmethod
    def of(cls, message: StandardMessage, rules: DeskRules) -> "StandardOut":
        return cls(
            key=message.name,
            language=message.language,  # type: ignore[arg-type] # asked for as one of the three
            text=message.text,
            buttons=list(message.buttons),
            changed=message.changed,
            sent=is_switched_on(rules, message.name),
        )


class StandardsOut(Out):
    items: list[StandardOut]
    next: str | None = None

    @classmethod
    def of(cls, messages: list[StandardMessage], rules: DeskRules) -> "StandardsOut":
        return cls(items=[StandardOut.of(message, rules) for message in messages])
