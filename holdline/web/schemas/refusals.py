"""The format of refusals, and their entries in the OpenAPI document."""

from typing import Any

from pydantic import BaseModel, Field

from holdline.web.schemas.fields import Out


class ErrorDetails(Out):
    code: str = Field(
        description="The code for programs: `bad_input`, `no_key`, `not_allowed`, `not_found`, …"
    )
    message: str = Field(
        description="The sentence for people, in the language of Accept-Language (en, ru, pl)."
    )
    object: dict[str, Any] | None = Field(
        description="The object that prevents the call, or the field that is wrong; null: neither."
    )
    allowed: list[str] = Field(description="What is allowed instead.")


class RefusedOut(Out):
    error: ErrorDetails


_WHY = {
    400: "`bad_input`: a field is wrong; it is named, with what to write instead.",
    401: "`no_key`: no key, a wrong one or a revoked one.",
    403: "`not_allowed`: the key lacks a scope, or the manager a permission; it is named.",
    404: "`not_found`: the object does not exist.",
    409: "The state of the object does not allow it; `code` names the reason, such as `active_dialog_exists`, "
    "`dialog_paused`, `dialog_closed`, `wrong_state`, `opted_out`, `unreachable` or `idempotency_conflict`.",
    413: "The body is too large.",
    429: "`throttled`: too many calls with this key; Retry-After says after how many seconds to try again.",
    503: "`unavailable`: nothing was stored, for example because the disk is full; Retry-After says after how many "
    "seconds to try again.",
}
_WAIT: dict[str, Any] = {
    "Retry-After": {"description": "A number of seconds.", "schema": {"type": "string"}, "required": True}
}
_READING = (400, 401, 403, 404, 429, 503)

Responses = dict[int | str, dict[str, Any]]


def _responses(statuses: tuple[int, ...]) -> Responses:
    responses: Responses = {}
    for status in statuses:
        model: type[BaseModel] = RefusedOut
        responses[status] = {"model": model, "description": _WHY[status]}
        if status in {429, 503}:
            responses[status]["headers"] = _WAIT
    return responses


READING = _responses(_READING)
WRITING = _responses((*_READING, 409, 413))
