"""The request bodies of the control API."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from holdline.sandbox.control.spelling import name_fault, name_kind, respell
from holdline.sandbox.json_types import Json


class ControlRequest(BaseModel):
    """Accepts the field names below and those of the Bot API, such as `message_thread_id` or `from`."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _respell(cls, order: object) -> object:
        return respell(order)


class NewMessage(ControlRequest):
    """An unknown person is created. An unknown group is created as a forum with the bot as its administrator.

    The default `kind` is text. `content` sets single fields of other kinds; `{"photo": {}}` also selects a kind.
    """

    user_id: int
    chat_id: int | None = None
    thread_id: int | None = None
    text: str | None = None
    kind: str | None = None
    caption: str | None = None
    entities: list[Json] | None = None
    reply_to: int | None = None
    media_group_id: str | None = None
    content: Json = {}
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _kind_named(cls, order: object) -> object:
        return name_kind(order)


class NewAlbum(ControlRequest):
    user_id: int
    kinds: list[str] = ["photo", "photo"]
    caption: str | None = None
    chat_id: int | None = None
    thread_id: int | None = None


class NewPerson(ControlRequest):
    user_id: int
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class NewPress(ControlRequest):
    """Names the button by its callback data, its text, or its number from 0."""

    user_id: int
    chat_id: int | None = None
    message_id: int
    data: str | None = None
    button: int | str | None = None


class Edit(ControlRequest):
    user_id: int
    chat_id: int | None = None
    message_id: int
    text: str | None = None
    caption: str | None = None


class NewReaction(ControlRequest):
    user_id: int
    chat_id: int | None = None
    message_id: int
    emoji: str | None = None


class Deletion(ControlRequest):
    user_id: int
    chat_id: int | None = None
    message_id: int


class Block(ControlRequest):
    user_id: int
    blocked: bool = True


class Deactivation(ControlRequest):
    user_id: int


class NewFault(ControlRequest):
    """The fields of `Fault`: which calls it affects (`method`, `match`, `count`) and what it does to them."""

    method: str = "*"
    match: str | None = None
    count: Annotated[int, Field(ge=0)] = 1
    error_code: Annotated[int, Field(ge=400, le=599)] | None = None
    description: str | None = None
    retry_after: Annotated[int, Field(ge=1)] | None = None
    delay: Annotated[float, Field(ge=0)] = 0.0
    drop: Literal["before", "after", "midway"] | None = None
    html: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _fault_named(cls, order: object) -> object:
        return name_fault(order)


class TopicRequest(ControlRequest):
    chat_id: int
    thread_id: int
    closed: bool = True


class NewTopic(ControlRequest):
    user_id: int
    chat_id: int
    name: str


class MemberRequest(ControlRequest):
    """`status` "left" removes a person from the group; with the bot's own id the bot's status is changed."""

    chat_id: int
    user_id: int
    status: str = "member"
    rights: dict[str, bool] = {}


class NewChat(ControlRequest):
    chat_id: int
    title: str
    type: Literal["forum", "group", "supergroup"] = "forum"
    members: list[int] = []
    admins: list[int] = []
    bot_rights: dict[str, bool] = {}


class ChatRequest(ControlRequest):
    chat_id: int


class LimitsRequest(ControlRequest):
    on: bool
    overall: Annotated[int, Field(ge=1)] = 30
    private: Annotated[int, Field(ge=1)] = 3
    group: Annotated[int, Field(ge=1)] = 20
    stars: Annotated[int, Field(ge=0)] | None = None


class ClockRequest(ControlRequest):
    advance_seconds: Annotated[float, Field(ge=0)]


class RepeatRequest(ControlRequest):
    update_id: int
