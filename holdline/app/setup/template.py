"""The example configuration with some of its values replaced; every comment stays."""

import json
from collections.abc import Mapping

from holdline.app.configuration import line_of


def fill(template: str, values: Mapping[str, object]) -> str:
    """`values` by key, such as `web.port`. They are written as JSON, which is TOML for texts, numbers and lists."""
    lines = template.splitlines()
    for key, value in values.items():
        number = line_of(template, key)
        assert number is not None, "the example has every key; a test compares them"
        lines[number - 1] = _with_value(lines[number - 1], json.dumps(value, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def _with_value(line: str, value: str) -> str:
    name, _, rest = line.partition("=")
    start = rest.find("#")
    if start < 0:
        return f"{name}= {value}"
    width = len(name) + 1 + start
    return f"{name}= {value}".ljust(width - 1) + f" {rest[start:]}"
