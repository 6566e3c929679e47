"""The least that intake needs of a gateway: one JSON call, its answer as a value."""

from typing import Any

import aiohttp

from holdline.bot.intake.telegram import Answer


class Wire:
    """Calls a Bot API server; `log` keeps what was asked."""

    def __init__(self, base: str, token: str, session: aiohttp.ClientSession) -> None:
        self._root = f"{base}/bot{token}/"
        self._session = session
        self.log: list[tuple[str, dict[str, Any]]] = []

    async def __call__(self, method: str, params: dict[str, Any], seconds: float) -> Answer:
        self.log.append((method, params))
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(self._root + method, json=params, timeout=limit) as response:
                body = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as broken:
            return Answer(False, description=type(broken).__name__)
        return Answer(
            body["ok"],
            body.get("result"),
            body.get("error_code", 0),
            body.get("description", ""),
            body.get("parameters", {}).get("retry_after", 0),
        )
