"""The webhook door: Telegram shows its secret, the update is committed, and only then it hears 200."""

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
"""Far above any update Telegram sends."""
BODY_SECONDS = 10
RETRY_AFTER_SECONDS = 1
"""Telegram honours it; a lock or a failover is often over by then."""
log = structlog.get_logger("intake")
_SECRET_HEADER = b"x-telegram-bot-api-secret-token"


class Door:
    """An ASGI endpoint; answers in plain sentences, and never shows more than the caller brought."""

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
        """As bytes and in constant time: a header may hold anything."""
        secret = next((value for name, value in scope["headers"] if name == _SECRET_HEADER), b"")
        return hmac.compare_digest(secret, self._secret)


def webhook_route(path: str, secret: str, store: Store) -> Route:
    """The one route that Telegram calls. ValueError without a secret: the door would stand open."""
    if not secret:
        raise ValueError("telegram.webhook_secret is empty: without it anybody could speak for Telegram")
    return Route(path, Door(secret, store), methods=["POST"], name="webhook")


async def _body(request: Request) -> bytes | None:
    """None where it is too large, told or not."""
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
    """The connection closes: what is left of an unwanted body is not worth reading."""
    return Response(sentence, status, {"Connection": "close"}, "text/plain")
