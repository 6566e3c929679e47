"""The calls in the documentation use a key that may make them."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Api

DOCS = Path(__file__).parents[3] / "docs"
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.M | re.S)
CALL = re.compile(r"curl .*?(?=^ *curl |\Z)", re.M | re.S)
ADDRESS = re.compile(r"http://127\.0\.0\.1:8080(/api/v1[^\s\"?]*)")
ADMIN_KEYS = {"ADMIN_KEY", "SETUP_KEY"}


def calls(page: str) -> list[str]:
    text = (DOCS / page).read_text()
    return [call for block in BLOCK.findall(text) for call in CALL.findall(block)]


def method_of(call: str) -> str:
    named = re.search(r"-X (\w+)", call)
    if named:
        return named[1].lower()
    return "post" if re.search(r" -(d|F) ", call) and " -G " not in call else "get"


def scopes_of(document: dict[str, Any], call: str) -> set[str]:
    address = ADDRESS.search(call)
    assert address, call
    for path, methods in document["paths"].items():
        pattern = re.sub(r"\{[^}]*\}", "[^/]+", path.replace(".", r"\."))
        if re.fullmatch(pattern, address[1]) and method_of(call) in methods:
            security = methods[method_of(call)]["security"]
            return {scope for choice in security for scopes in choice.values() for scope in scopes}
    raise AssertionError(f"no such call: {call}")


@pytest.mark.parametrize(("page", "least"), [("api.md", 60), ("outside-tools.md", 1)])
async def test_every_documented_call_uses_a_key_that_may_make_it(api: Api, page: str, least: int) -> None:
    document = (await api.client.get("http://desk.test/api/v1/openapi.json")).json()
    found = calls(page)
    assert len(found) >= least
    for call in found:
        key = re.search(r"Bearer \$(\w+)", call)
        assert key, call
        assert (key[1] in ADMIN_KEYS) == (scopes_of(document, call) == {"admin"}), call
