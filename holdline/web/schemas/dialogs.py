"""A dialog as the API shows it, and the calls that change it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from holdline.desk.conversation.composing import ReplyOrder
from holdline.desk.conversation.from_template import Words
from holdline.desk.conversation.replies import Crossing
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import OPENING_VALUES, Opening
from holdline.dialogs.dialog import Dialog, Person
from holdline.web.pages import Page
from holdline.web.schemas.fields import (
    FieldValue,
    In,
    LongText,
    Moment,
    Name,
    OurId,
    Out,
    Outcome,
    Stars,
    State,
    TelegramId,
    YesNo,
)
from holdline.web.schemas.sla import DialogSlaOut, NameOrId

Names = Annotated[list[Name], Field(max_length=100)]
FieldValues = Annotated[
    dict[Name, FieldValue],
    Field(max_length=100, description="Values of the desk's own fields by name; null removes a value."),
]
People = Annotated[list[TelegramId], Field(max_length=100, description="Telegram ids of managers.")]


class PersonOut(Out):
    telegram_id: int
    name: str

    @classmethod
    def of(cls, person: Person) -> "PersonOut":
        return cls(telegram_id=person.telegram_id, name=person.name)


class DialogOut(Out):
    id: int
    customer_id: int
    title: str
    state: State
    stage: str
    type: str
    assignee: PersonOut | None
    participants: list[PersonOut]
    reasons: list[str]
    components: list[str]
    tags: list[str]
    root_causes: list[str]
    team: str | None
    queue: str | None
    priority: str
    description: str
    fields: dict[str, Any]
    due_at: datetime | None
    overdue: bool
    sla: DialogSlaOut | None
    outcome: Outcome | None
    follow_up_of: int | None
    merged_into: int | None
    service_rating: int | None
    customer_score: int | None
    close_reason: str | None
    close_comment: str | None
    root_cause: str | None
    channel: str
    inbox: str
    attachments: int
    created_at: datetime
    changed_at: datetime | None
    last_message_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, dialog: Dialog) -> "DialogOut":
        named = {name: getattr(dialog, name) for name in cls.model_fields if name not in _SHOWN_BY_THEMSELVES}
        return cls(
            assignee=PersonOut.of(dialog.assignee) if dialog.assignee else None,
            participants=[PersonOut.of(person) for person in dialog.participants],
            sla=DialogSlaOut.of(dialog.sla),
            **named,
        )


_SHOWN_BY_THEMSELVES = ("assignee", "participants", "sla")


class DialogsOut(Out):
    items: list[DialogOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, dialogs: list[Dialog]) -> "DialogsOut":
        page_dialogs, after = page.cut(dialogs, lambda dialog: dialog.id)
        return cls(items=[DialogOut.of(dialog) for dialog in page_dialogs], next=after)


class ActingIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [{"manager_telegram_id": 400000077}]})

    manager_telegram_id: TelegramId = Field(
        description="The manager who acts; their permissions apply. 404 if unknown, 403 if no longer at the desk."
    )


_EXAMPLE: JsonDict = {
    "manager_telegram_id": 400000077,
    "customer_id": 1,
    "title": "Lost parcel",
    "type": "Support",
    "description": "The parcel has not arrived.",
}


class OpeningIn(ActingIn):
    """A new dialog, without its customer."""

    title: str = Field(min_length=1, max_length=512)
    type: Name | None = Field(None, description="Without it `Support`, or the first of the list `types`.")
    participants: People | None = None
    reasons: Names | None = None
    components: Names | None = None
    description: str | None = Field(None, max_length=4096)
    follow_up_of: OurId | None = None
    stage: Name | None = Field(None, description="The stage; without it `New`. `Closed` is refused.")
    priority: Name | None = None
    queue: Name | None = None
    tags: Names | None = None
    root_causes: Names | None = None
    due_at: Moment | None = None
    sla_policy: NameOrId | None = None
    fields: FieldValues | None = None

    def make_opening(self, customer_id: int, *, inbox_item_id: int | None = None) -> Opening:
        """The opening for that customer, with the Inbox item if there is one."""
        return Opening(
            customer_id=customer_id,
            title=self.title,
            type=self.type,
            participants=tuple(self.participants or ()),
            reasons=tuple(self.reasons or ()),
            components=tuple(self.components or ()),
            description=self.description or "",
            follow_up_of=self.follow_up_of,
            values={name: value for name in OPENING_VALUES if (value := getattr(self, name)) is not None},
            inbox_item_id=inbox_item_id,
        )


class DialogIn(OpeningIn):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    customer_id: OurId

    @property
    def opening(self) -> Opening:
        return self.make_opening(self.customer_id)


class CloseFieldsIn(In):
    customer_score: Stars | None = None
    send_rating_form: YesNo | None = None
    reason: str | None = Field(None, max_length=1024)
    comment: str | None = Field(None, max_length=4096)
    root_cause: Name | None = None
    outcome: Outcome | None = None

    @property
    def closing(self) -> Closing:
        return Closing(
            customer_score=self.customer_score,
            send_rating_form=self.send_rating_form,
            reason=self.reason,
            comment=self.comment,
            root_cause=self.root_cause,
            outcome=self.outcome,
        )


class ClosingIn(CloseFieldsIn, ActingIn):
    pass


class MergeIn(ActingIn):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"manager_telegram_id": 400000077, "into": 12}]}
    )

    into: OurId = Field(description="The dialog to merge into: of the same customer, and not closed.")


class ChangesIn(ActingIn):
    """Only given fields change. A list is replaced as a whole."""

    title: str | None = Field(None, min_length=1, max_length=512)
    type: Name | None = None
    stage: Name | None = None
    participants: People | None = None
    reasons: Names | None = None
    components: Names | None = None
    tags: Names | None = None
    root_causes: Names | None = None
    priority: Name | None = None
    queue: Name | None = Field(None, description="A value of the list `queues`; null removes it.")
    description: str | None = Field(None, max_length=4096, description="The description; null removes it.")
    due_at: Moment | None = Field(None, description="When it is due; null removes the due date.")
    sla_policy: NameOrId | None = Field(
        None, description="A policy's name or id; null: no policy, even if the conditions of one match."
    )
    fields: FieldValues | None = None

    @property
    def changes(self) -> dict[str, Any]:
        return self.values_given(
            "queue", "due_at", "sla_policy", "description", exclude={"manager_telegram_id"}
        )


class AssigneeIn(ActingIn):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"manager_telegram_id": 400000077, "assignee_telegram_id": 400000078}]
        }
    )

    assignee_telegram_id: TelegramId | None = Field(None, description="The manager; null: nobody.")
    team: Name | None = Field(
        None,
        description="In place of a person: the dialog goes to a member of this team who is free. "
        "null removes the dialog from its team.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> "AssigneeIn":
        if len(self.model_fields_set & {"assignee_telegram_id", "team"}) != 1:
            raise PydanticCustomError("person_or_team", "one of assignee_telegram_id and team")
        return self

    @property
    def is_team(self) -> bool:
        return "team" in self.model_fields_set


class CrossingIn(In):
    """The last message that the writer has seen. Without it nothing is checked."""

    seen_message_id: OurId | None = Field(
        None,
        description="The id of the customer's newest message that the author has read. The call is "
        "refused if there is a newer one.",
    )
    anyway: YesNo = Field(False, description="true: send even if the customer has written in the meantime.")

    @property
    def crossing(self) -> Crossing:
        return Crossing(seen=self.seen_message_id, anyway=self.anyway)


class SpokenIn(ActingIn):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"manager_telegram_id": 400000077, "text": "We are looking for it."}]}
    )

    text: LongText | None = None
    template: OurId | None = Field(None, description="The id of a template, in place of `text`.")

    @property
    def words(self) -> Words:
        return Words(self.text, self.template)


class ReplyIn(SpokenIn, CrossingIn):
    """A reply in a dialog."""

    at: Moment | None = Field(None, description="When to send it; everything is checked again then.")
    include_history: YesNo = Field(
        False, description="true: the conversation so far follows as a text file, without notes."
    )
    inbox: str | None = Field(
        None,
        max_length=64,
        description="The bot that must send the reply: the dialog's own inbox. Any other value is refused.",
    )

    @property
    def reply(self) -> ReplyOrder:
        return ReplyOrder(self.words, self.crossing, self.at, self.include_history, self.inbox)
