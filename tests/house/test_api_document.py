"""Everything in the OpenAPI document is described, so that a program can be written from it alone."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from unittest.mock import Mock

from holdline.web.app import build_app
from holdline.web.body_descriptions import OF_BODIES
from holdline.web.field_descriptions import FIELDS


@cache
def document() -> dict[str, Any]:
    return build_app(Mock()).openapi()


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, calls in document()["paths"].items():
        for method, call in calls.items():
            yield f"{method.upper()} {path}", call


def fields(node: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The fields of all objects at any depth, with their places."""
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield from ((f"{place}.{name}", field) for name, field in node.get("properties", {}).items())
        for key, inner in node.items():
            yield from fields(inner, f"{place}.{key}")
    elif isinstance(node, list):
        for inner in node:
            yield from fields(inner, place)


def test_every_operation_has_a_summary_and_a_description() -> None:
    """The summary is the first sentence of the description, on one line of a list of calls."""
    bad = [
        name
        for name, call in operations()
        if not call.get("description", "").startswith(call.get("summary") or "?")
        or len(call["summary"]) > 150
        or not call["summary"].split()[0].endswith("s")
    ]
    assert bad == []


def test_every_answer_and_every_parameter_has_a_description() -> None:
    bare = [
        f"{name}: {one['name']}"
        for name, call in operations()
        for one in call.get("parameters", [])
        if not one.get("description")
    ]
    bare += [
        f"{name}: {status}"
        for name, call in operations()
        for status, answer in call["responses"].items()
        if not answer.get("description")
    ]
    assert bare == []


def test_every_field_has_a_description() -> None:
    assert [place for place, field in fields(document()) if not field.get("description")] == []


def test_no_description_is_unused() -> None:
    schemas = document()["components"]["schemas"]
    shown = {
        (body, name): field.get("description")
        for body, schema in schemas.items()
        for name, field in schema.get("properties", {}).items()
    }
    unused = [
        f"{body}.{name}"
        for body, texts in OF_BODIES.items()
        for name, text in texts.items()
        if shown.get((body, name)) != text
    ]
    used = {(name, text) for (_, name), text in shown.items()}
    unused += [name for name, text in FIELDS.items() if (name, text) not in used]
    assert unused == []
