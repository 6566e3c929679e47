"""The OpenAPI document, generated so that it matches what is enforced."""

import re
from collections import Counter
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from starlette.routing import compile_path

from holdline.web.docs_page import docs_page

SECURITY = "key"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

_ABOUT = """The desk from outside: dialogs, messages, the gate, and what marketing tools send through it.

Every call names its key: `Authorization: Bearer KEY`. Keys have scopes: `send`, `read`, `desk`, `admin`.
Lists answer `{"items", "next"}`; give `next` back as `cursor`. Times are RFC 3339 in UTC. A field nobody knows is
refused by its name. A refused call changed nothing; `allowed` says what is possible instead.

For people the same is at `/docs`."""
_KEY = {"type": "http", "scheme": "bearer", "description": "`holdline key create` makes one."}


def describe(app: FastAPI) -> None:
    """Generates the document at its first use."""
    app.openapi = lambda: _build_document(app)  # type: ignore[method-assign] # FastAPI's own way to change it


def serve_docs(app: FastAPI) -> None:
    """Serves the page for programmers at /docs to anybody who can reach the port."""

    @app.get("/docs", response_class=HTMLResponse, include_in_schema=False)
    async def docs() -> HTMLResponse:
        """The page for programmers. Needs no key."""
        page = docs_page(app.openapi(), document_url=app.openapi_url or "")
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})


def methods_of(app: FastAPI, path: str) -> list[str]:
    """The methods that are allowed at this path. The router itself reports only the first matching route.

    A literal path of the document takes precedence over a path parameter.
    """
    paths = app.openapi()["paths"]
    if path in paths:
        fitting = [paths[path]]
    else:
        fitting = [calls for template, calls in paths.items() if compile_path(template)[0].match(path)]
    return sorted({method.upper() for calls in fitting for method in calls})


def _build_document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
        for calls in document["paths"].values():
            for call in calls.values():
                call["responses"].pop("422", None)
        _name_operations(document)
        schemas = document["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        document["servers"] = [{"url": "/", "description": "This desk"}]
        document["components"]["securitySchemes"] = {SECURITY: _KEY}
        app.openapi_schema = document
    return app.openapi_schema


def _name_operations(document: dict[str, Any]) -> None:
    """Names operations after their functions, because generated clients use these names; adds the path where two are
    equal.
    """
    calls = [(path, call) for path, methods in document["paths"].items() for call in methods.values()]
    names = Counter(_function_name(call) for _, call in calls)
    for path, call in calls:
        name = _function_name(call)
        place = re.sub(r"\W+", "_", path.rpartition("/api/v1/")[2]).strip("_")
        call["operationId"] = name if names[name] == 1 else f"{name}_{place}"


def _function_name(call: dict[str, Any]) -> str:
    """The function's name. FastAPI derives the summary from it."""
    return str(call["summary"]).lower().replace(" ", "_")
