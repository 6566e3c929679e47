"""Every refusal as an HTTP error: those of the desk, of the store, and of the HTTP layer.

NotFound 404 · NotAllowed 403 · BadInput 400 · Throttled 429 · every other DeskError 409
StoreUnavailable 503 with Retry-After, after several attempts if two transactions conflict
anything else is a bug: 500, logged with ids only
"""

import re
from collections.abc import Mapping
from traceback import extract_tb
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from holdline.dialogs.refusal import BadInput, DeskError, NotAllowed, NotFound, Throttled
from holdline.store.errors import DiskFull, StoreConflict, StoreUnavailable
from holdline.texts import say
from holdline.texts.catalog import DEFAULT, LANGUAGES
from holdline.web.document import methods_of
from holdline.web.validation_hints import hint_of

RETRY_AFTER_SECONDS = 5
_STATUS: tuple[tuple[type[DeskError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (BadInput, 400),
    (Throttled, 429),
)
_BEYOND = frozenset({"greater_than_equal", "less_than_equal", "less_than", "int_parsing_size"})
"""An id outside the range of ids is treated as an unknown id."""
_WHOLE = re.compile(r"-?[0-9]{1,30}")
_THINGS = {"outbound_id": "outbound message", "value_id": "list entry"}
_log = structlog.get_logger("holdline.web")


class HttpRefusal(Exception):
    """A refusal of the HTTP layer, before any use case runs. `text` is a key of the domain `web`."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        text: str | None = None,
        obj: dict[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **words: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = f"web.{text or code}"
        self.obj = obj
        self.headers = headers
        self.words = words


def bad_field(field: str, mend: str, words: Mapping[str, object] | None = None) -> HttpRefusal:
    """400 with the name of the field. `mend` is a key of the domain `web`, translated into the caller's language."""
    refusal = HttpRefusal(400, "bad_input", text=mend, obj={"type": "field", "name": field})
    refusal.words = {**(words or {}), "field": field}
    return refusal


def map_errors(app: FastAPI) -> None:
    """Converts every exception into the contract's error format."""
    app.exception_handler(HttpRefusal)(_refusal_response)
    app.exception_handler(DeskError)(_desk)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(StoreUnavailable)(_unavailable)
    app.exception_handler(Exception)(_bug)


def language_of(request: Request) -> str:
    """The supported language that the caller prefers."""
    wanted = [_parse_weight(choice) for choice in request.headers.get("accept-language", "").split(",")]
    ours = [(weight, language) for weight, language in wanted if weight > 0 and language in LANGUAGES]
    return max(ours, key=lambda choice: choice[0])[1] if ours else DEFAULT


def _parse_weight(choice: str) -> tuple[float, str]:
    """`pl-PL;q=0.8` is 0.8 and pl. An invalid weight counts as none."""
    language, _, parameter = choice.partition(";")
    try:
        weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        weight = 0.0
    return weight, language.strip()[:2].lower()


def error_response(
    status: int,
    code: str,
    message: str,
    *,
    obj: Any = None,
    allowed: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The only format of errors."""
    error = {"code": code, "message": message, "object": obj, "allowed": list(allowed)}
    return JSONResponse({"error": error}, status, headers)


async def _refusal_response(request: Request, refused: HttpRefusal) -> JSONResponse:
    message = say(refused.text, language_of(request), **refused.words)
    return error_response(refused.status, refused.code, message, obj=refused.obj, headers=refused.headers)


async def _desk(request: Request, refused: DeskError) -> JSONResponse:
    status = next((status for kind, status in _STATUS if isinstance(refused, kind)), 409)
    headers = {"Retry-After": str(max(1, refused.seconds))} if isinstance(refused, Throttled) else None
    message = refused.sentence(language_of(request))
    return error_response(
        status, refused.code, message, obj=_object_of(refused), allowed=refused.allowed, headers=headers
    )


def _object_of(refused: DeskError) -> dict[str, Any] | None:
    if refused.obj is None and isinstance(refused, NotFound):
        return {"type": str(refused.words.get("what", "")), "id": _number(refused.words.get("which"))}
    return refused.obj


def _number(which: object) -> object:
    """The number in `#12` or `12`."""
    written = str(which).removeprefix("#")
    return int(written) if _WHOLE.fullmatch(written) else which


async def _invalid(request: Request, refused: RequestValidationError) -> JSONResponse:
    """Replaces FastAPI's 422: names the first wrong field and says what to write instead."""
    error = refused.errors()[0]
    if error["loc"][0] == "path" and error["type"] in _BEYOND:
        name = str(error["loc"][-1])
        return await _desk(request, NotFound(_THINGS.get(name, name.removesuffix("_id")), error["input"]))
    body = getattr(request.scope.get("route"), "body_field", None)
    field, mend, words = hint_of(error, body=body.field_info.annotation if body else None)
    return await _refusal_response(request, bad_field(field, mend, words))


async def _http_error(request: Request, refused: HTTPException) -> JSONResponse:
    """404 for an unknown path; 405 with the allowed methods for a known path."""
    if refused.status_code == 405:
        allow = ", ".join(await methods_of(request.app, request.url.path)) or (refused.headers or {}).get(
            "Allow", ""
        )
        return await _refusal_response(
            request, HttpRefusal(405, "wrong_method", headers={"Allow": allow}, methods=allow)
        )
    if refused.status_code == 404:
        obj = {"type": "path", "id": request.url.path}
        return await _refusal_response(request, HttpRefusal(404, "not_found", text="no_such_path", obj=obj))
    return await _refusal_response(request, bad_field("body", "mend_json"))


async def _unavailable(request: Request, broken: StoreUnavailable) -> JSONResponse:
    """Nothing was written, so the caller may repeat the call."""
    conflict = isinstance(broken, StoreConflict)
    _log.warning("store_conflict" if conflict else "store_unavailable", path=_template(request))
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    text = "disk_full" if isinstance(broken, DiskFull) else "unavailable"
    refusal = HttpRefusal(503, "unavailable", text=text, headers=headers, seconds=RETRY_AFTER_SECONDS)
    return await _refusal_response(request, refusal)


async def _bug(request: Request, bug: Exception) -> JSONResponse:
    """Logs the stack without values, because a driver's message may quote a customer."""
    frames = [f"{frame.name}:{frame.lineno}" for frame in extract_tb(bug.__traceback__)[-8:]]
    _log.error("bug", path=_template(request), error=type(bug).__name__, frames=frames)
    return await _refusal_response(request, HttpRefusal(500, "internal"))


def _template(request: Request) -> str:
    """The route's pattern instead of the path, because paths contain ids."""
    return str(getattr(request.scope.get("route"), "path", "unknown"))
