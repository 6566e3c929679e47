"""Whether a webhook may use an address. Checked when it is saved, and again at each delivery."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.webhooks.address import is_public, read_address

SECONDS = 3.0
LookUp = Callable[[str, int], Awaitable[list[str]]]
"""From a host and a port to addresses; raises OSError for an unknown name."""


async def look_up(host: str, port: int) -> list[str]:
    """The addresses from the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class WebhookLookup:
    """`to_private`: every address is allowed."""

    look_up: LookUp
    to_private: bool

    async def refuse_private(self, url: str) -> None:
        """Raises BadInput for an address that is not public. An unknown host name is accepted: it may exist later."""
        address = read_address(url)
        if self.to_private:
            return
        try:
            async with asyncio.timeout(SECONDS):
                found = [] if address.is_forbidden_literal else await self.look_up(address.host, address.port)
        except (OSError, TimeoutError, UnicodeError):
            return
        if address.is_forbidden_literal or not all(is_public(one) for one in found):
            raise BadInput("url", "mends.webhook_private")


async def _lookup(request: Request) -> WebhookLookup:
    state = request.app.state
    return WebhookLookup(state.look_up, state.store.rules.webhooks_to_private)


Lookup = Annotated[WebhookLookup, Depends(_lookup)]
