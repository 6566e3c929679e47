"""Intake's connection to Telegram, with a record of its calls."""

from typing import Any

from holdline.bot.gateway import Gateway
from holdline.bot.intake.bot_api import BotApiResponse, direct_caller


class Wire:
    """Calls through the real gateway; `log` keeps methods and parameters."""

    def __init__(self, gateway: Gateway) -> None:
        self._call = direct_caller(gateway)
        self.log: list[tuple[str, dict[str, Any]]] = []

    async def __call__(self, method: str, params: dict[str, Any], seconds: float) -> BotApiResponse:
        self.log.append((method, params))
        return await self._call(method, params, seconds)
