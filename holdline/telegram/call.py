"""One Bot API call as a value, and its possible results."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

Files = dict[str, tuple[str, bytes]]

_LARGEST = 2**63 - 1
_LONGEST_WAIT = 10**6

PLAIN, NO_QUOTE, NO_THREAD, NO_BUTTONS = "plain", "no_quote", "no_thread", "no_buttons"
"""Mends: what is left out when the call is repeated after a refusal."""

_LEFT_OUT = {
    PLAIN: frozenset({"entities", "caption_entities"}),
    NO_QUOTE: frozenset({"reply_parameters"}),
    NO_THREAD: frozenset({"message_thread_id"}),
    NO_BUTTONS: frozenset({"reply_markup"}),
}


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file that is made just before the call: the dialog's conversation, or a report on the last `days`.

    `until`: the conversation as its customer may read it, up to that message.
    """

    field: ClassVar[str] = "document"
    name: str
    dialog_id: int | None = None
    language: str = "en"
    until: int | None = None
    report: str = "dialogs"
    days: int | None = None
    format: str = "csv"
    attachment_id: int | None = None
    """A file attached to the dialog itself, instead of a text."""
    broadcast_id: int | None = None
    """The recipients of that broadcast as a table, instead of a report."""
    customer_id: int | None = None
    """Everything about that customer as a ZIP, instead of a report."""
    with_notes: bool = False
    sort: str | None = None
    """The dialog's history with this filter, instead of its conversation."""
    zone: str = "UTC"
    newest_first: bool = False
    team_id: int | None = None
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """The picture of a report, with its figures as the caption; `field` is the call's parameter for it."""

    field: str
    report: str
    days: int
    theme: str
    language: str
    team_id: int | None = None
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class FunnelPictureRequest:
    """The picture of a funnel as the funnel is at the time of sending."""

    field: ClassVar[str] = "photo"
    funnel_id: int
    language: str


@dataclass(frozen=True, slots=True)
class FilePage:
    """Some lines of such a file; `last` is the position after which the next page starts, or None after the end."""

    text: str
    last: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """`params` are JSON values as the Bot API names them; `files` maps a field to (file name, content)."""

    method: str
    params: dict[str, Any]
    files: Files = field(default_factory=dict)
    order: FileRequest | PictureRequest | FunnelPictureRequest | None = None
    """The call's file is made outside the desk's only writer, because that reads much data."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing is left to send; `reason` is stored with the item.

    `is_loss`: somebody wrote it and it cannot be sent again, so they must be notified.
    """

    reason: str
    is_loss: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `body` is Telegram's own answer, or None if something else answered in its place."""

    status: int
    body: dict[str, Any] | None = None

    @property
    def ok(self) -> bool:
        """Whether Telegram says that the call was carried out."""
        return self.body is not None and self.body["ok"] is True

    @property
    def code(self) -> int:
        """Telegram's error code; 0 if this is not a refusal by Telegram."""
        return 0 if self.body is None or self.ok else int(self.body["error_code"])


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request was never sent: repeating it is safe."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The request was sent and no answer came: it may have been carried out."""

    reason: str


CallResult = Reply | NotSent | Lost


def bot_api_body(value: object) -> dict[str, Any] | None:
    """The body if it has the shape of a Bot API answer, else None: pages of proxies and portals say nothing about a
    call.
    """
    if not isinstance(value, dict):
        return None
    if value.get("ok") is True:
        return value if "result" in value else None
    code, described = value.get("error_code"), value.get("description")
    refuses = value.get("ok") is False and type(code) is int and isinstance(described, str)
    return value if refuses else None


def whole_number(value: object) -> int | None:
    """A number of Telegram's answer, or None if there is none or no column holds it."""
    return value if type(value) is int and abs(value) <= _LARGEST else None


def wait_seconds(value: object, *, otherwise: float) -> float:
    """The seconds that an answer asks to wait, or `otherwise` if it names none."""
    if isinstance(value, int | float) and value > 0:
        return float(min(value, _LONGEST_WAIT))
    return otherwise


def apply_fallbacks(call: Call, mends: Sequence[str]) -> Call:
    """The call without the parts that Telegram refused the last time."""
    left_out = frozenset[str]().union(*(_LEFT_OUT[mend] for mend in mends))
    if not left_out:
        return call
    return replace(call, params={name: value for name, value in call.params.items() if name not in left_out})
