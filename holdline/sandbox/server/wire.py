"""Reads the parameters of an HTTP request: query, form, JSON and multipart, with or without a length."""

import json
from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Receive, Scope

from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import Upload

BODY_MOST = 52 * 1024 * 1024
"""50 MB for a file, plus the rest of the request."""


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


async def body_of(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > BODY_MOST:
            raise refusal("entity_too_large")
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def decode_request(scope: Scope, receive: Receive) -> tuple[Json, dict[str, Upload]]:
    """Parameters in the body take precedence over those in the query."""
    params: Json = _pairs(scope["query_string"]) if scope["query_string"] else {}
    headers = Headers(scope=scope)
    kind = headers.get("content-type", "")
    body = await body_of(receive)
    uploads: dict[str, Upload] = {}
    if kind.startswith("multipart/form-data"):
        fields, uploads = await _multipart(headers, body)
        params |= fields
    elif kind.startswith("application/json"):
        params |= _json(body)
    elif body:
        params |= _pairs(body)
    return params, uploads


def _pairs(raw: bytes) -> Json:
    text = raw.decode("utf-8", "surrogateescape")
    return dict(parse_qsl(text, keep_blank_values=True, errors="surrogateescape"))


def _json(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        decoded = json.loads(body)
    except ValueError:
        raise bad_request("can't parse request JSON object") from None
    if not isinstance(decoded, dict):
        raise bad_request("can't parse request JSON object")
    return {name: value for name, value in decoded.items() if value is not None}


class _Parser(MultiPartParser):
    spool_max_size = BODY_MOST + 1  # nothing of the sandbox touches a disk


async def _multipart(headers: Headers, body: bytes) -> tuple[Json, dict[str, Upload]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    fields: Json = {}
    uploads: dict[str, Upload] = {}
    try:
        form = await _Parser(headers, stream(), max_part_size=BODY_MOST).parse()
    except (MultiPartException, KeyError):
        raise bad_request("can't parse multipart form") from None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            uploads[name] = Upload(value.filename or name, value.content_type, content)
        else:
            fields[name] = value
    await form.close()
    return fields, uploads
