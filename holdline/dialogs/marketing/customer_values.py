"""What tools, funnels and the desk may store about a customer: tags, topics, a time zone, fields."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import NAME_LIMIT
from holdline.dialogs.text.wording import one_line, whole_text

CUSTOMER_FIELDS = ("tags", "timezone", "language", "fields")
"""The changes of a customer that history records, each as [from, to]."""
MOST_TAGS = 100
MOST_FIELDS = 100
VALUE_LIMIT = 1000
_NUMBER = re.compile(r"-?[1-9]\d{0,14}|0", re.ASCII)
_LARGEST = 10**15
"""Numbers up to this size are exact in every program that reads JSON."""


def valid_tags(tags: Iterable[object]) -> list[str]:
    """The tags without duplicates, in alphabetical order. Any text may be a tag."""
    names = sorted({one_line(tag, field="tags", limit=NAME_LIMIT) for tag in tags})
    if len(names) > MOST_TAGS:
        raise BadInput("tags", "mends.at_most_entries", limit=MOST_TAGS)
    return names


def valid_topic(topic: object, *, field: str = "topic") -> str:
    """A short name, shown to customers on a button."""
    return one_line(topic, field=field, limit=NAME_LIMIT)


def merge_fields(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """All fields afterwards. Fields not named stay; null and blank text clear a field."""
    after = dict(before)
    for name, value in changes.items():
        key, kept = one_line(name, field="fields", limit=NAME_LIMIT), valid_value(name, value)
        if kept is None:
            after.pop(key, None)
        else:
            after[key] = kept
    if len(after) > MOST_FIELDS:
        raise BadInput("fields", "mends.at_most_entries", limit=MOST_FIELDS)
    return dict(sorted(after.items()))


def valid_value(name: str, value: Any) -> Any:
    """A text, number or boolean as it is stored. None clears the field."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    field = f"fields.{name}"
    if isinstance(value, str):
        return whole_text(value, field=field, limit=VALUE_LIMIT)
    if not isinstance(value, bool | int | float):
        raise BadInput(field, "mends.plain_value")
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise BadInput(field, "mends.field_number_range")
    return value


def read_typed_tags(text: str) -> list[str]:
    """Tags as a person types them: separated by commas, or one per line."""
    return [tag.strip() for line in text.splitlines() for tag in line.split(",") if tag.strip()]


def read_typed_value(text: str) -> dict[str, Any]:
    """Parses "City: Gdynia". Without text after the colon the field is cleared. A plain number becomes a number."""
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise BadInput("fields", "mends.typed_value")
    return {name.strip(): value_of_text(value.strip())}


def value_of_text(value: str) -> Any:
    """A number, a text, or None for an empty text. A text that starts with 0 or + stays a text: it may be a phone
    number.
    """
    return int(value) if _NUMBER.fullmatch(value) else value or None
