"""A definition as a TOML file: each step under a heading of its own, so that it can be read and changed."""

import json
import re
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def as_toml(definition: dict[str, Any]) -> str | None:
    """None where it says null somewhere, which TOML cannot."""
    if _says_null(definition):
        return None
    lines = [f"{_key(key)} = {_value(value)}" for key, value in definition.items() if key != "steps"]
    for step in definition.get("steps", []):
        lines += ["", "[[steps]]", *(f"{_key(key)} = {_value(value)}" for key, value in step.items())]
    return "\n".join(lines)


def _says_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_says_null, value.values()))
    return any(map(_says_null, value)) if isinstance(value, list) else value is None


def _value(value: Any) -> str:
    """Lists of tables stand on lines of their own; inside a table TOML allows no line break but in a list."""
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        if any(isinstance(one, dict) for one in value):
            return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"
        return f"[{', '.join(map(_value, value))}]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    """JSON's escapes are TOML's, but for one sign that TOML wants escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
