"""Writes a definition as a TOML file, with a heading for each step, so that it can be read and edited."""

import json
import re
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def as_toml(definition: dict[str, Any]) -> str | None:
    """The TOML text, or None if the definition contains null, which TOML cannot express."""
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
    """Writes each item of a list of tables on its own line: in inline tables TOML allows line breaks only in lists."""
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
    """JSON's escapes are valid in TOML, which also requires the escape of one more character (DEL)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
