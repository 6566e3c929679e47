"""Who may use the control side: programs and pages of this machine, not a web site in its browser."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope, Send

NEAR = {"127.0.0.1", "localhost", "::1"}


def is_near(scope: Scope) -> bool:
    """A page elsewhere could reach loopback through the reader's browser; its Host or Origin gives it away."""
    headers = Headers(scope=scope)
    host = urlsplit(f"//{headers.get('host', '127.0.0.1')}").hostname
    origin = headers.get("origin")
    return host in NEAR and (origin is None or urlsplit(origin).hostname in NEAR)


async def refuse_stranger(send: Send) -> None:
    text = b'{"detail": "The sandbox answers to this machine only; open it as http://127.0.0.1."}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": text})
