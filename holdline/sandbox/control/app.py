"""The control API as one application, with its OpenAPI document at /sandbox/openapi.json."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from holdline.sandbox.box import Sandbox
from holdline.sandbox.control import look_routes, people_routes, stage_routes, tool_routes
from holdline.sandbox.errors import ControlError

PAGE = Path(__file__).parent.parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page shows text that anybody may have written. If any of it were interpreted as markup, this policy lets it run
and load nothing.
"""


def control_app(box: Sandbox) -> ASGIApp:
    app = FastAPI(
        title="Holdline sandbox",
        version="1",
        openapi_url="/sandbox/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.box = box
    for router in (people_routes.router, look_routes.router, stage_routes.router, tool_routes.router):
        app.include_router(router, prefix="/sandbox")
    app.add_exception_handler(ControlError, _conflict_response)
    if (PAGE / "index.html").exists():
        app.mount("/", _Page(directory=PAGE, html=True))
    return app


class _Page(StaticFiles):
    """Serves the chat page's files with that policy."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        answer = super().file_response(*args, **kwargs)
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cache-Control"] = "no-cache"  # after an upgrade the browser must not use old modules
        return answer


async def _conflict_response(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=409)
