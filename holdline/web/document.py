"""The OpenAPI document, generated so that it matches what is enforced."""

import re
from asyncio import to_thread
from collections import Counter
from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.routing import Route, compile_path

from holdline.web.body_descriptions import OF_BODIES
from holdline.web.docs_page import docs_page
from holdline.web.field_descriptions import FIELDS

SECURITY = "key"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

_ABOUT = """Holdline is a support desk in Telegram. A case with a customer is a dialog. While a dialog is active, the
gate of its customer is held: marketing messages to that customer wait.

Every call needs an API key: `Authorization: Bearer KEY`. A key has one or more scopes: `send` (marketing), `read`,
`desk` (act for a manager), `admin` (settings and personal data).

Lists return `{"items", "next"}`: pass `next` as `cursor` to get the next page, until it is null. Times are RFC 3339, in
UTC in answers and with any offset in requests. A body has at most 256 KiB. Unknown fields and parameters are refused.

A refusal is `{"error": {"code", "message", "object", "allowed"}}`. A refused call has changed nothing. A call with an
`Idempotency-Key` can be repeated safely.

The page `/docs` shows this document for people."""
_KEY = {"type": "http", "scheme": "bearer", "description": "A key is created with `holdline key create`."}


_DocumentKey = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]
_documents: dict[_DocumentKey, dict[str, Any]] = {}
"""By version and routes. Generating one takes two seconds, and every app of a process has the same routes."""
_generating = Lock()


def serve_document(app: FastAPI, url: str) -> None:
    """Serves the document at `url`, and the page for programmers at /docs, to anybody who can reach the port.

    It is generated at its first use, in a thread, so that other calls and the desk's loops go on meanwhile.
    """
    app.openapi = lambda: openapi_document(app)  # type: ignore[method-assign] # FastAPI's own way to change it

    @app.get(url, include_in_schema=False)
    async def openapi() -> JSONResponse:
        """The OpenAPI document. Needs no key."""
        return JSONResponse(await to_thread(app.openapi))

    @app.get("/docs", response_class=HTMLResponse, include_in_schema=False)
    async def docs() -> HTMLResponse:
        """The page for programmers. Needs no key."""
        page = await to_thread(lambda: docs_page(app.openapi(), document_url=url))
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})


async def methods_of(app: FastAPI, path: str) -> list[str]:
    """The methods that are allowed at this path. The router itself reports only the first matching route.

    A literal path of the document takes precedence over a path parameter.
    """
    paths = (await to_thread(app.openapi))["paths"]
    if path in paths:
        fitting = [paths[path]]
    else:
        fitting = [calls for template, calls in paths.items() if compile_path(template)[0].match(path)]
    return sorted({method.upper() for calls in fitting for method in calls})


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """The document of the app's routes, generated once per process."""
    routes = [route for route in app.routes if isinstance(route, Route) and route.include_in_schema]
    key = app.version, tuple((route.path, tuple(sorted(route.methods or ()))) for route in routes)
    with _generating:
        if key not in _documents:
            _documents[key] = _generate(app)
        return _documents[key]


def _generate(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
    for calls in document["paths"].values():
        for call in calls.values():
            call["responses"].pop("422", None)
    _name_operations(document)
    _summarise_operations(document)
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _describe_fields(schemas)
    document["servers"] = [{"url": "/", "description": "This desk"}]
    document["components"]["securitySchemes"] = {SECURITY: _KEY}
    return document


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


def _summarise_operations(document: dict[str, Any]) -> None:
    """The first sentence of the description says more than the function's name, which is the operation's id."""
    for calls in document["paths"].values():
        for call in calls.values():
            call["description"] = " ".join(call["description"].split())
            call["summary"] = call["description"].partition(". ")[0].rstrip(".")


def _describe_fields(schemas: dict[str, Any]) -> None:
    """Adds the descriptions that are not written beside the fields."""
    for body, schema in schemas.items():
        for name, field in schema.get("properties", {}).items():
            text = OF_BODIES.get(body, {}).get(name) or FIELDS.get(name)
            if text is not None:
                field.setdefault("description", text)
