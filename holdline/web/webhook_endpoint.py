"""The webhook endpoint: checks Telegram's secret, commits the update, and only then answers 200."""

import asyncio
import hmac

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from holdline.store.engine import Store
from holdline.store.intake.received_update import NotAnUpdate, ReceivedUpdate, update_from_text
from holdline.web.shared_commit import SharedCommit

BODY_BYTES = 1024 * 1024
"""Far above the size of any update from Telegram."""
BODY_SECONDS = 10
RETRY_AFTER_SECONDS = 1
"""Telegram respects it. A lock or a failover is often over by then."""
log = structlog.get_logger("intake")
_SECRET_HEADER = b"x-telegram-bot-api-secret-token"


class WebhookEndpoint:
    """An ASGI endpoint that answers with plain sentences and reveals nothing that the caller did not send."""

    def __init__(self, secret: str, store: Store) -> None:
        self._secret = secret.encode()
        self._commit = SharedCommit(store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(scope, receive)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        if not self._knows(scope):
            return _plain_response(401, "The secret is missing or wrong.")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(Request(scope, receive))
        except (TimeoutError, ClientDisconnect):
            return _plain_response(408, "The body did not arrive in time.")
        if body is None:
            return _plain_response(413, f"A body may have {BODY_BYTES} bytes at most.")
        try:
            update = update_from_text(body.decode())
        except (NotAnUpdate, UnicodeDecodeError):
            return _plain_response(400, "The body is no update: send a JSON object with a whole update_id.")
        return await self._store_update(update)

    async def _store_update(self, update: ReceivedUpdate) -> Response:
        try:
            await self._commit.keep(update)
        except Exception as failed:  # whatever it was: it is not stored, and Telegram has to know
            log.error("update_not_stored", update_id=update.update_id, reason=type(failed).__name__)  # noqa: TRY400 - no body in the log
            retry = {"Retry-After": str(RETRY_AFTER_SECONDS)}
            return Response("It cannot be stored now; send it again.", 503, retry, "text/plain")
        return Response(status_code=200)

    def _knows(self, scope: Scope) -> bool:
        """Compares the secret as bytes and in constant time, because a header may contain anything."""
        secret = next((value for name, value in scope["headers"] if name == _SECRET_HEADER), b"")
        return hmac.compare_digest(secret, self._secret)


def webhook_route(path: str, secret: str, store: Store) -> Route:
    """The route that Telegram calls. Raises ValueError without a secret, because anybody could call it then."""
    if not secret:
        raise ValueError("telegram.webhook_secret is empty: anybody could pretend to be Telegram")
    return Route(path, WebhookEndpoint(secret, store), methods=["POST"], name="webhook")


async def _body(request: Request) -> bytes | None:
    """Returns None if the body is too large, whether or not its length was announced."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:12]) > BODY_BYTES:
        return None
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _plain_response(status: int, sentence: str) -> Response:
    """Closes the connection, because the rest of a refused body is not read."""
    return Response(sentence, status, {"Connection": "close"}, "text/plain")
