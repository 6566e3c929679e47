"""Raw questions to the Bot API over the gateway: a refusal, an outage and an answer are all values."""

from typing import Any

from holdline.bot.gateway import Gateway
from holdline.bot.intake.telegram import Answer
from holdline.dialogs.call import Reply


class Asking:
    """Implements `Calls`, for intake, `check` and the start."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def __call__(self, method: str, params: dict[str, Any], seconds: float) -> Answer:
        """Telegram's envelope; code 0 where none came within `seconds`."""
        came = await self._gateway.call_direct(method, params, seconds=seconds)
        if not isinstance(came, Reply):
            return Answer(False, description=came.reason)
        if came.body is None or "ok" not in came.body:
            return Answer(False, code=came.status, description="the answer is no envelope of the Bot API")
        return _answer(came.status, came.body)


def _answer(status: int, envelope: dict[str, Any]) -> Answer:
    if envelope["ok"] is True:
        return Answer(True, result=envelope.get("result"))
    parameters = envelope.get("parameters")
    wait = parameters.get("retry_after", 0) if isinstance(parameters, dict) else 0
    code = envelope.get("error_code")
    return Answer(
        False,
        code=code if isinstance(code, int) else status,
        description=str(envelope.get("description", "")),
        retry_after=wait if isinstance(wait, int | float) else 0,
    )
