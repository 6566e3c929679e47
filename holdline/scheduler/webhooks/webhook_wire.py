"""The HTTP client for webhooks: one POST per delivery, to an address that is checked after the name is resolved.

The check is in the resolver, so the connection uses the address that was checked. A name that resolves differently
the second time (DNS rebinding) gains nothing. Redirects are not followed, because they bypass the check.
"""

import socket
from types import TracebackType
from typing import TYPE_CHECKING, Self

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.webhooks.address import is_public, read_address
from holdline.dialogs.webhooks.signature import sign
from holdline.dialogs.webhooks.webhook import ERROR_LIMIT, Delivery, DeliveryResult
from holdline.store.clock import Clock

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from aiohttp.abc import AbstractResolver, ResolveResult

SECONDS = 15.0
PRIVATE = "its address is private (web.webhooks_to_private)"


class ForbiddenAddress(OSError):
    """The name resolves to an address that is not public."""


class CheckedResolver:
    """aiohttp's resolver with a check of the result. One private address among several forbids them all."""

    def __init__(self, resolver: "AbstractResolver") -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list["ResolveResult"]:
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(one["host"]) for one in found):
            raise ForbiddenAddress(PRIVATE)
        return found

    async def close(self) -> None:
        await self._resolver.close()


class WebhookWire:
    """Open it with `async with`. `resolver`: None means the system's resolver."""

    def __init__(self, clock: Clock, *, to_private: bool, resolver: "AbstractResolver | None" = None) -> None:
        self._clock, self._to_private, self._resolver = clock, to_private, resolver
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        import aiohttp  # noqa: PLC0415 - a desk without webhooks never needs it
        from aiohttp.resolver import ThreadedResolver  # noqa: PLC0415

        resolver = self._resolver or ThreadedResolver()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=resolver if self._to_private else CheckedResolver(resolver),  # type: ignore[arg-type] # same shape
                use_dns_cache=False,
                limit=0,
            ),
            headers={"User-Agent": "holdline", "Content-Type": "application/json"},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=SECONDS),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, delivery: Delivery) -> DeliveryResult:
        """Returns every result as a value. Only the beginning of the response body is kept."""
        import aiohttp  # noqa: PLC0415 - as above

        assert self._session is not None, "open it first"
        try:
            address = read_address(delivery.url)
            if address.is_forbidden_literal and not self._to_private:
                return DeliveryResult(error=PRIVATE)
            async with self._session.post(
                address.url,
                data=delivery.body.encode(),
                headers=self._headers(delivery),
                allow_redirects=False,
            ) as response:
                return await _result(response)
        except TimeoutError:
            return DeliveryResult(error=f"no answer within {SECONDS:g} s")
        except (BadInput, aiohttp.ClientError, OSError, ValueError) as broken:
            return DeliveryResult(error=_reason(broken))

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        """The timestamp is that of the attempt, so that an old request cannot be replayed."""
        timestamp = int(self._clock.now().timestamp())
        signature = sign(
            delivery.secret, message_key=delivery.message_key, timestamp=timestamp, body=delivery.body
        )
        return {
            "webhook-id": delivery.message_key,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature,
        }


async def _result(response: "ClientResponse") -> DeliveryResult:
    status = response.status
    if 200 <= status < 300:
        return DeliveryResult(status)
    said = (await response.content.read(ERROR_LIMIT)).decode("utf-8", "replace")
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
    return DeliveryResult(status, f"HTTP {status} {words}".strip()[:ERROR_LIMIT])


def _reason(broken: Exception) -> str:
    """The words of our own check if it refused the address; otherwise the kind of failure, without any address."""
    inner = getattr(broken, "os_error", broken)
    if isinstance(inner, ForbiddenAddress):
        return PRIVATE
    return f"not reached: {type(inner).__name__}"
