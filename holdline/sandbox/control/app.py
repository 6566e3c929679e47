"""The control side as one application, with its OpenAPI document at /sandbox/openapi.json."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from holdline.sandbox.box import Sandbox
from holdline.sandbox.errors import ControlError

from . import acting, reading, rigging, tool

PAGE = Path(__file__).parent.parent / "page"


def control_app(box: Sandbox) -> ASGIApp:
    app = FastAPI(
        title="Holdline sandbox",
        version="1",
        openapi_url="/sandbox/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.box = box
    for router in (acting.router, reading.router, rigging.router, tool.router):
        app.include_router(router, prefix="/sandbox")
    app.add_exception_handler(ControlError, _refused)
    if (PAGE / "index.html").exists():
        app.mount("/", StaticFiles(directory=PAGE, html=True))
    return app


async def _refused(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=409)
