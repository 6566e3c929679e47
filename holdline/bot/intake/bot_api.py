"""Raw Bot API calls for intake, whose errors are values, and the kinds of updates that we request."""

from dataclasses import dataclass
from typing import Any, Protocol

from holdline.bot.gateway import Gateway
from holdline.telegram.call import Reply, wait_seconds, whole_number

ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "my_chat_member",
    "chat_member",
]
"""Sent with each request, because Telegram remembers the last list, and its default list leaves some kinds out."""


@dataclass(frozen=True, slots=True)
class BotApiResponse:
    """Telegram's answer. `code` is 0 if Telegram did not answer; `description` says why.

    `moved_to`: the new id of a group that was addressed by its old id.
    """

    ok: bool
    result: Any = None
    code: int = 0
    description: str = ""
    retry_after: float = 0
    moved_to: int | None = None


class BotApiCaller(Protocol):
    """Makes one call. Never raises for errors of the network or of Telegram."""

    async def __call__(self, method: str, params: dict[str, Any], seconds: float) -> BotApiResponse: ...


def direct_caller(gateway: Gateway) -> BotApiCaller:
    """Calls through the gateway without the outbox, because these calls show nothing to anybody."""

    async def call(method: str, params: dict[str, Any], seconds: float) -> BotApiResponse:
        came = await gateway.call_direct(method, params, seconds=seconds)
        if not isinstance(came, Reply):
            return BotApiResponse(False, description=came.reason)
        if came.body is None:
            return BotApiResponse(
                False, description=f"HTTP {came.status} from a proxy or a firewall in Telegram's place"
            )
        parameters = came.body.get("parameters")
        hints = parameters if isinstance(parameters, dict) else {}
        return BotApiResponse(
            came.ok,
            came.body.get("result"),
            came.code,
            str(came.body.get("description", ""))[:200],
            wait_seconds(hints.get("retry_after"), otherwise=0),
            whole_number(hints.get("migrate_to_chat_id")),
        )

    return call
