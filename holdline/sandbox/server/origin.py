"""Who may use the control API: programs and pages of this machine, but no other web site in its browser."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope, Send

NEAR = {"127.0.0.1", "localhost", "::1"}


def is_near(scope: Scope) -> bool:
    """Whether Host and Origin are of this machine. Another site could reach loopback through the user's browser."""
    headers = Headers(scope=scope)
    host = urlsplit(f"//{headers.get('host', '127.0.0.1')}").hostname
    origin = headers.get("origin")
    return host in NEAR and (origin is None or urlsplit(origin).hostname in NEAR)


async def refuse_stranger(send: Send) -> None:
    text = b'{"detail": "The sandbox answers to this machine only; open it as http://127.0.0.1."}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": text})
