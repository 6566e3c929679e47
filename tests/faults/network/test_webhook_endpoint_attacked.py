"""T14: strangers at the webhook endpoint: broken HTTP, wrong addresses and methods, the secret in the wrong place."""

from holdline.store.engine import Store
from tests.faults.figures import Figures, report
from tests.web.test_webhook_endpoint import (
    BODY,
    HEADER,
    SECRET,
    address,
    ask,
    chunked,
    length,
    secret,
    stored,
)

__all__ = ["address"]
POST = b"POST /hook/x"
HERE = [length(BODY)]
REQUESTS: list[tuple[str, bytes, list[bytes], bytes, int]] = [
    ("no body length", POST, [], b"", 401),
    ("two lengths", POST, [secret(), length(BODY), b"Content-Length: 3"], BODY, 400),
    ("a negative length", POST, [secret(), b"Content-Length: -5"], BODY, 400),
    ("a length that is no number", POST, [secret(), b"Content-Length: many"], BODY, 400),
    ("length and chunks", POST, [secret(b"no"), *HERE, b"Transfer-Encoding: chunked"], chunked(BODY), 400),
    ("a chunk without a size", POST, [b"Transfer-Encoding: chunked"], b"zz\r\n", 400),
    ("chunks without the secret", POST, [b"Transfer-Encoding: chunked"], chunked(BODY), 401),
    ("a head without a colon", POST, [b"nonsense", *HERE], BODY, 400),
    ("a NUL in a head", POST, [HEADER.encode() + b": \x00", *HERE], BODY, 400),
    ("a thousand heads", POST, [b"X-%d: y" % n for n in range(1000)] + HERE, BODY, 401),
    ("a head of 200 kB", POST, [b"X: " + b"y" * 200_000, *HERE], BODY, 401),
    ("the secret in the address", b"POST /hook/x?secret_token=" + SECRET.encode(), HERE, BODY, 401),
    ("the secret in a cookie", POST, [b"Cookie: " + secret(), *HERE], BODY, 401),
    ("the secret in the body", POST, [length(SECRET.encode())], SECRET.encode(), 401),
    ("the secret with underscores", POST, [secret().replace(b"-", b"_"), *HERE], BODY, 401),
    ("the secret in quotes", POST, [secret(b'"' + SECRET.encode() + b'"'), *HERE], BODY, 401),
    ("the secret twice in one head", POST, [secret(f"{SECRET}, {SECRET}".encode()), *HERE], BODY, 401),
    ("the secret without its last sign", POST, [secret(SECRET[:-1].encode()), *HERE], BODY, 401),
    ("the secret's first sign", POST, [secret(SECRET[:1].encode()), *HERE], BODY, 401),
    ("a method by a head", b"GET /hook/x", [secret(), b"X-HTTP-Method-Override: POST", *HERE], BODY, 405),
    ("HEAD", b"HEAD /hook/x", [secret()], b"", 405),
    ("PATCH", b"PATCH /hook/x", [secret(), *HERE], BODY, 405),
    ("TRACE", b"TRACE /hook/x", [secret()], b"", 405),
    ("a method of tomorrow", b"BREW /hook/x", [secret()], b"", 400),
    ("an address below", b"POST /hook/x/y", [secret(), *HERE], BODY, 404),
    ("two slashes", b"POST //hook/x", [secret(), *HERE], BODY, 404),
    ("a parameter in the path", b"POST /hook/x;a=b", [secret(), *HERE], BODY, 404),
    ("a NUL in the path", b"POST /hook/x%00", [secret(), *HERE], BODY, 404),
    ("dots in the path", b"POST /hook/%2e%2e/hook/x", [secret(), *HERE], BODY, 404),
    ("the whole address of another host", b"POST http://evil.example/hook/x", HERE, BODY, 401),
    ("a body of 50 MB announced", POST, [b"Content-Length: 50000000"], b"{", 401),
    ("a body to be continued", POST, [b"Expect: 100-continue", *HERE], b"", 401),
    ("a form", POST, [b"Content-Type: multipart/form-data; boundary=x", *HERE], BODY, 401),
    ("bodies that follow each other", POST, [secret(b"no"), *HERE], BODY + POST + b" HTTP/1.1\r\n\r\n", 401),
    ("a deep body", POST, [secret(), length(b"[" * 90_000)], b"[" * 90_000, 400),
    ("a body of signs", POST, [secret(), length(b"\x00" * 999)], b"\x00" * 999, 400),
]


async def test_each_request_of_a_stranger_has_its_exact_answer(
    store: Store, address: tuple[str, int]
) -> None:
    wrong = {}
    for what, verb, head, body, expected in REQUESTS:
        status, answer = await ask(address, head, body, verb=verb)
        if status != expected or SECRET.encode() in answer:
            wrong[what] = (status, expected)
    rows = await stored(store)
    report(Figures(tried=len(REQUESTS), broken=len(wrong) + len(rows)))
    assert (wrong, rows) == ({}, [])
