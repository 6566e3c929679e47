"""The page for programmers at /docs: every call of the OpenAPI document with an example. It loads nothing from other
servers.
"""

import json
from html import escape
from typing import Any

_STYLE = """:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 58rem; margin: 2rem auto; padding: 0 1rem } h1 { font-size: 1.4rem } h2 { margin-top: 2rem }
summary { cursor: pointer; padding: .3rem 0 } code, pre { font-family: ui-monospace, monospace; font-size: .9rem }
pre { overflow-x: auto; padding: .6rem; border: 1px solid #8885 } table { border-collapse: collapse }
th, td { border-bottom: 1px solid #8885; padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top }"""
_SHELL = "In the examples `DESK` is this address, such as `http://127.0.0.1:8080`, and `KEY` a key."
_DEPTH = 4
_PLACEHOLDERS: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "string": "…"}


def docs_page(document: dict[str, Any], *, document_url: str) -> str:
    """The HTML page, generated from the OpenAPI document."""
    sections = call_sections(document)
    links = " · ".join(f'<a href="#{_anchor(tag)}">{escape(tag)}</a>' for tag in sections)
    parts = "".join(f'<h2 id="{_anchor(tag)}">{escape(tag)}</h2>{calls}' for tag, calls in sections.items())
    about = "".join(f"<p>{_words(part)}</p>" for part in document["info"]["description"].split("\n\n")[:-1])
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Holdline: the HTTP API</title>
<style>{_STYLE}</style></head>
<body><main><h1>Holdline: the HTTP API</h1>{about}
<p>{_words(_SHELL)}</p>
<p>For programs: <a href="{escape(document_url)}">the OpenAPI document</a>.</p><p>{links}</p>{parts}</main></body>
</html>
"""


def call_sections(document: dict[str, Any]) -> dict[str, str]:
    """The calls of each tag as HTML."""
    tags: dict[str, str] = {}
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            tag = (call.get("tags") or ["other"])[0]
            tags[tag] = tags.get(tag, "") + _call(document, method, path, call)
    return tags


def _call(document: dict[str, Any], method: str, path: str, call: dict[str, Any]) -> str:
    about = _words(call.get("description", ""))
    head, _, rest = about.partition(".")
    more = f"<p>{rest.strip()}</p>" if rest.strip() else ""
    scopes = " or ".join(f"<code>{escape(scope)}</code>" for scope in _scopes(call))
    needs = f"<p>A key with the scope {scopes}.</p>" if scopes else "<p>No key.</p>"
    return (
        f"<details><summary><code>{method.upper()} {escape(path)}</code> {head}</summary>"
        f"{more}{needs}{_parameters(document, call)}{_example(document, method, path, call)}</details>"
    )


def _scopes(call: dict[str, Any]) -> list[str]:
    return [scope for choice in call.get("security", []) for scopes in choice.values() for scope in scopes]


def _parameters(document: dict[str, Any], call: dict[str, Any]) -> str:
    """The table of parameters of the URL and fields of the body."""
    named = [(one["name"], one["in"], one) for one in call.get("parameters", [])]
    named += [(name, "body", field) for name, field in _body_fields(document, call).items()]
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{place}</td>"
        f"<td>{_words(one.get('description', ''))}</td></tr>"
        for name, place, one in named
    )
    return f"<table>{rows}</table>" if rows else ""


def _body_fields(document: dict[str, Any], call: dict[str, Any]) -> dict[str, Any]:
    schema = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    fields: dict[str, Any] = _resolve(document, schema).get("properties", {})
    return fields


def _example(document: dict[str, Any], method: str, path: str, call: dict[str, Any]) -> str:
    """A curl command that can be pasted into a shell."""
    verb = "" if method == "get" else f" -X {method.upper()}"
    lines = [f'curl -s{verb} "$DESK{path}"', *(['-H "Authorization: Bearer $KEY"'] if _scopes(call) else [])]
    content = call.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None:
        value = json.dumps(_value(document, content["schema"], _DEPTH), ensure_ascii=False, indent=2)
        quoted = value.replace("'", "'\\''")
        lines += ['-H "Content-Type: application/json"', f"-d '{quoted}'"]
    shown = " \\\n  ".join(lines)
    return f"<pre>{escape(shown)}</pre>"


def _value(document: dict[str, Any], schema: dict[str, Any], depth: int) -> Any:
    """The example of the schema, or one made of its required fields, or of all fields if none is required."""
    schema = _resolve(document, schema)
    if schema.get("examples"):
        return schema["examples"][0]
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if choice.get("type") != "null":
            return _value(document, choice, depth)
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    if schema.get("type") == "array":
        return [_value(document, schema.get("items", {}), depth - 1)] if depth else []
    if schema.get("type") == "object" or "properties" in schema:
        properties = schema.get("properties", {}) if depth else {}
        shown = schema.get("required") or list(properties)
        return {name: _value(document, properties[name], depth - 1) for name in shown if name in properties}
    return _PLACEHOLDERS.get(str(schema.get("type")), "…")


def _resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference names; any other schema is returned unchanged."""
    if "$ref" not in schema:
        return schema
    named: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return named


def _words(text: str) -> str:
    """Converts backticks, the only markup in the document's sentences."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if at % 2 else piece for at, piece in enumerate(pieces))


def _anchor(tag: str) -> str:
    return escape(tag.replace(" ", "-"))
