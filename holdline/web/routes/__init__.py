"""The calls of the contract, one module per subject: parse, call the desk, show."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel
from starlette.responses import Response

from holdline.web.guard import GuardedRoute, needs
from holdline.web.schemas.refusals import READING, WRITING

PREFIX = "/api/v1"
PathId = Annotated[int, Path(ge=1, lt=2**53, description="The id in Holdline, not the id in Telegram.")]
Endpoint = Callable[..., Awaitable[Response]]
Marked = Callable[[Endpoint], Endpoint]


def api_router(tag: str) -> APIRouter:
    """Adds the router with a guard on every route."""
    return APIRouter(prefix=PREFIX, route_class=GuardedRoute, tags=[tag])


def reads(
    router: APIRouter,
    path: str,
    *,
    shows: type[BaseModel],
    scopes: tuple[str, ...] = ("read",),
    says: str | None = None,
) -> Marked:
    """A GET. One of `scopes` is enough. `says` stands in for the docstring of a function that serves several paths."""
    needed = needs(*scopes)
    return router.get(path, response_model=shows, responses=READING, description=says, openapi_extra=needed)


def writes(
    router: APIRouter,
    method: str,
    path: str,
    *,
    shows: type[BaseModel],
    scope: str | tuple[str, ...] = "desk",
    status: int = 200,
) -> Marked:
    """A call that writes. It accepts an Idempotency-Key. `scope` is required; of several, one is enough."""
    return router.api_route(
        path,
        methods=[method],
        status_code=status,
        response_model=shows,
        responses=WRITING,
        openapi_extra=needs(*([scope] if isinstance(scope, str) else scope)),
    )
