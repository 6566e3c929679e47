"""What an answer of the Bot API means for the message: sent, to be retried, refused, or uncertain."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from holdline.telegram.call import CallResult, Lost, NotSent, Reply, bot_api_body, wait_seconds, whole_number
from holdline.telegram.refusal_table import BEFORE_ANY_PART, MULTI, action_for

UNCERTAIN_LIMIT = 3  # the first try and two repeats; then it is parked
_UNNAMED_WAIT = 5.0  # seconds after a flood answer that names none
FRONT_LIMIT = 10  # answers of a proxy to one item, while Telegram answers others

_REPEATABLE = ("edit", "delete", "set", "pin", "unpin", "answer", "close", "reopen", "get", "leave")


class Scope(StrEnum):
    """How much has to wait."""

    CHAT = "chat"  # flood control, this chat first
    BOT = "bot"  # Telegram is out of reach
    FRONT = "front"  # a proxy or firewall refused instead of Telegram: unreachable too, but not without end
    TOKEN = "token"


class Action(StrEnum):
    """What to do after a refusal."""

    DONE = "done"  # already as wanted
    GONE = "gone"  # the thing to change no longer exists
    PARK = "park"
    TRY_AGAIN = "try_again"  # once, then park
    MEDIA = "media"  # three times, then park
    PLAIN = "plain"
    NO_QUOTE = "no_quote"
    NO_BUTTONS = "no_buttons"
    TOPIC_LOST = "topic_lost"
    NO_TOPICS = "no_topics"  # topics do not work here: use messages with the dialog in a header
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    UNKNOWN_CHAT = "unknown_chat"
    CHAT_STOPPED = "chat_stopped"
    MIGRATED = "migrated"
    BY_FILE = "by_file"  # the original was deleted meanwhile: send it from what is stored
    UNPAID = "unpaid"  # the Stars are missing: send it at the free pace
    IN_WORDS = "in_words"  # this kind of message is not accepted there: send a text that says what it was


@dataclass(frozen=True, slots=True)
class Sent:
    """`result` as Telegram gave it."""

    result: Any = None


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Not sent, and the message is not at fault; `retry_after` is in seconds, if Telegram named it."""

    reason: str
    scope: Scope
    retry_after: float | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Not sent, and sending the same again would not help."""

    code: int
    description: str
    action: Action
    new_chat_id: int | None = None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been sent: the answer was lost, or the server broke down while it worked."""

    reason: str
    code: int | None = None


Outcome = Sent | RetryLater | Refused | Uncertain


def judge(answer: CallResult, *, method: str) -> Outcome:
    """Judges every answer in one place; `refusal_table` matches the descriptions."""
    match answer:
        case NotSent(reason):
            return RetryLater(reason, Scope.BOT)
        case Lost(reason):
            return _unknown(reason, None, method)
        case Reply():
            return _judge_reply(answer, method)


def is_repeatable(method: str) -> bool:
    """Whether calling the method twice has the same effect as calling it once."""
    return method.startswith(_REPEATABLE)


def _judge_reply(reply: Reply, method: str) -> Outcome:
    body = bot_api_body(reply.body)
    if body is None:
        return _not_telegram(reply.status, method)
    if reply.ok:
        return Sent(body["result"])
    parameters = body.get("parameters")
    return _error(
        reply.code,
        body["description"],
        parameters=parameters if isinstance(parameters, dict) else {},
        method=method,
    )


def _not_telegram(status: int, method: str) -> Outcome:
    """A proxy, a firewall or a sign-in page answered instead of Telegram.

    A call that it refused or redirected never reached Telegram. A call that it reports as done, or that it failed
    on, may have.
    """
    reason = f"HTTP {status} that is no answer of Telegram"
    if status == 429:
        return RetryLater(reason, Scope.CHAT, _UNNAMED_WAIT, status)
    if 300 <= status < 500:
        return RetryLater(reason, Scope.FRONT, code=status)
    return _unknown(reason, status, method)


def _error(code: int, description: str, *, parameters: dict[str, Any], method: str) -> Outcome:
    migrated = whole_number(parameters.get("migrate_to_chat_id"))
    if migrated is not None and migrated < 0:
        return Refused(code, description, Action.MIGRATED, new_chat_id=migrated)
    if code == 429:
        seconds = wait_seconds(parameters.get("retry_after"), otherwise=_UNNAMED_WAIT)
        return RetryLater(description, Scope.CHAT, seconds, code)
    if code == 401 or (code in {400, 404} and description in {"Logged out", "Not Found"}):
        return RetryLater(description, Scope.TOKEN, code=code)
    if code == 409:
        return RetryLater(description, Scope.BOT, code=code)
    if code >= 500 and "immediately deleted" not in description:
        return _unknown(description, code, method)
    action = Action(action_for(code, description))
    if method in MULTI and action not in BEFORE_ANY_PART:
        action = Action.PARK  # some parts may have arrived: a person decides
    if method == "leaveChat" and action in {Action.CHAT_STOPPED, Action.UNKNOWN_CHAT}:
        action = Action.DONE  # the bot is out already, or the group no longer exists
    return Refused(code, description, action)


def _unknown(reason: str, code: int | None, method: str) -> Outcome:
    if is_repeatable(method):
        return RetryLater(reason, Scope.BOT, code=code)
    return Uncertain(reason, code)
