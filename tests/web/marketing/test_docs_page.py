"""The API for people, at /docs: every call, and nothing from outside."""

import json
import re
import shlex
from html import unescape
from threading import get_ident
from typing import Any

import pytest
from fastapi.openapi.utils import get_openapi

from holdline.store.engine import Store
from holdline.web import document
from holdline.web.app import build_app
from tests.web.conftest import Api, client_of


async def test_the_docs_page_shows_every_call_with_a_command_to_paste(api: Api) -> None:
    described = await api.get("/openapi.json")
    answer = await api.call("GET", "http://desk.test/docs", headers={"Authorization": ""})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    page = answer.text
    assert not re.search(r'<(script|link|img|iframe)|src=|href="(?![#/])', page)
    commands = [unescape(text) for text in re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)]
    calls = [
        (method, path, call)
        for path, methods in described["paths"].items()
        for method, call in methods.items()
    ]
    assert len(commands) == len(calls)
    assert "<code>exclude_tags</code>" not in page and "<code>audience</code></td><td>body</td>" in page
    assert "In the examples <code>DESK</code>" in page and "shows this document" not in page
    for command in commands:
        words = shlex.split(command.replace("\\\n", " "))
        assert words[0] == "curl"
        if "-d" in words:
            json.loads(words[words.index("-d") + 1])


async def test_operations_have_unique_names(api: Api) -> None:
    document = await api.get("/openapi.json")
    names = [call["operationId"] for calls in document["paths"].values() for call in calls.values()]
    assert len(names) == len(set(names))
    assert {"send_marketing_message", "list_outbound", "add_webhook", "read_outbound"} <= set(names)
    assert not [name for name in names if "api_v1" in name]


async def test_the_document_is_generated_once_without_blocking_the_loop(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes seconds of a processor, and in one process the same loop serves Telegram."""
    generated: list[int] = []

    def generate(**given: Any) -> dict[str, Any]:
        generated.append(get_ident())
        return get_openapi(**{**given, "routes": []}) | {"components": {"schemas": {}}}

    monkeypatch.setattr(document, "get_openapi", generate)
    monkeypatch.setattr(document, "_documents", {})
    for _ in range(2):
        async with client_of(build_app(store)) as client:
            for method, path in (
                ("GET", "/docs"),
                ("GET", "/api/v1/openapi.json"),
                ("DELETE", "/api/v1/dialogs"),
            ):
                assert (await client.request(method, f"http://desk.test{path}")).status_code in (200, 405)
    assert len(generated) == 1 and generated[0] != get_ident()
