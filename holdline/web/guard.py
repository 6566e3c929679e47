"""The order of checks: key, scope, rate, size, JSON, and only then the fields."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine, Iterable, Set
from typing import Any, NoReturn

from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from holdline.web.auth import authenticate, require_scope
from holdline.web.document import SECURITY
from holdline.web.errors import HttpRefusal, bad_field

BODY_LIMIT = 256 * 1024
BODY_SECONDS = 10
DEPTH_LIMIT = 32

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def needs(*scopes: str) -> dict[str, Any]:
    """For `openapi_extra`: the document lists the scopes that are enforced. One of `scopes` is enough."""
    return {"security": [{SECURITY: [scope]} for scope in scopes]}


class GuardedRoute(APIRoute):
    """A route that cannot be declared without its scope."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()
        scopes = _scopes(self)
        takes_body = self.body_field is not None
        parameters = {
            field.alias for field in get_flat_params(self.dependant) if isinstance(field.field_info, Query)
        }

        async def guarded(request: Request) -> Response:
            caller = await authenticate(request)
            require_scope(caller, scopes)
            request.app.state.pace.take(caller.id)
            request.state.caller = caller
            _refuse_unknown(request, parameters)
            if not takes_body:
                request.state.fingerprint = _fingerprint(request, None)
                return await inner(request)
            parsed = ParsedRequest(request.scope, request.receive)
            await parsed.parse()
            return await inner(parsed)

        return guarded


class ParsedRequest(Request):
    """A request whose body is read with a size limit and parsed with our own limits before FastAPI sees it."""

    async def parse(self) -> None:
        self._raw = await _read(self)
        self._value = _parse_object(self._raw) if self._raw else None
        self.state.fingerprint = _fingerprint(self, self._value)

    async def body(self) -> bytes:
        return self._raw

    async def json(self) -> Any:
        return self._value


def _refuse_unknown(request: Request, parameters: Set[str]) -> None:
    """Refuses unknown and repeated parameters. A misspelt filter would return everything, and a repeated
    one only half.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in parameters:
            known_names = ", ".join(sorted(parameters))
            raise bad_field(
                name, "mend_no_parameter" if known_names else "mend_no_parameters", {"choices": known_names}
            )
        if names.count(name) > 1:
            raise bad_field(name, "mend_once")


def _scopes(route: APIRoute) -> tuple[str, ...]:
    named = (route.openapi_extra or {}).get("security", [])
    scopes = tuple(scope for choice in named for scope in choice[SECURITY])
    if not scopes:
        raise ValueError(f"{route.path} says no scope: openapi_extra=needs(…)")
    return scopes


async def _read(request: Request) -> bytes:
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise bad_field("Content-Type", "mend_content_type")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read_stream(request)
    except (TimeoutError, ClientDisconnect) as broken:
        raise bad_field("body", "mend_whole_body") from broken


async def _read_stream(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > BODY_LIMIT:
            raise HttpRefusal(413, "too_large", limit=BODY_LIMIT // 1024, headers={"Connection": "close"})
        pieces.append(piece)
    return b"".join(pieces)


def _parse_object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as refused:
        raise bad_field("body", "mend_json") from refused
    if not isinstance(value, dict):
        raise bad_field("body", "mend_object")
    _refuse_deep_or_nul(value)
    return value


def _no_constant(name: str) -> NoReturn:
    """Refuses NaN and infinities, which Python accepts but JSON does not have."""
    raise ValueError(name)


def _refuse_deep_or_nul(value: dict[str, Any]) -> None:
    """Refuses deep nesting and NUL characters. Works level by level, so it cannot overflow the stack."""
    level: list[tuple[str, Any]] = list(value.items())
    for _ in range(DEPTH_LIMIT):
        for where, nested in level:
            if isinstance(nested, str) and "\x00" in nested:
                raise bad_field(where, "mend_sayable")
        level = [(f"{where}.{name}", inner) for where, outer in level for name, inner in _inside(outer)]
        if not level:
            return
    raise bad_field("body", "mend_depth", {"most": DEPTH_LIMIT})


def _inside(outer: Any) -> Iterable[tuple[object, Any]]:
    if isinstance(outer, dict):
        return outer.items()
    return enumerate(outer) if isinstance(outer, list) else ()


def _fingerprint(request: Request, value: Any) -> str:
    """A hash of method, path, query and body that does not depend on the layout of the JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    spoken = f"{request.method} {request.url.path}?{request.url.query} {text}"
    return hashlib.sha256(spoken.encode("utf-8", "surrogatepass")).hexdigest()
