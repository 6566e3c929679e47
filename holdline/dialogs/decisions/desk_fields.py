"""Fields that a desk adds to its dialogs: which values they accept, and when a value is required."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from holdline.dialogs.dialog import Dialog
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.choices import require_one_of
from holdline.dialogs.text.wording import whole_text

KINDS = ("text", "number", "date", "choice", "yes_no")
VALUE_LIMIT = 1000
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d{1,30}", re.ASCII)
_FRACTION = re.compile(r"[-+]?\d{1,30}\.\d{1,30}", re.ASCII)
_LARGEST = 10**15
"""Numbers up to this size are exact in every program that reads JSON."""


@dataclass(frozen=True, slots=True)
class DeskField:
    """`choices` belong to kind choice. `required_on_close` names the dialog types that need a value to be closed."""

    id: int
    name: str
    kind: str
    choices: tuple[str, ...] = ()
    required_on_close: tuple[str, ...] = ()
    position: int = 0


def split_choices(text: str) -> list[str]:
    """The choices as a person types them: one per line, or on one line separated by commas."""
    lines = text.strip().splitlines()
    return [choice.strip() for choice in (lines if len(lines) > 1 else text.split(",")) if choice.strip()]


def valid_kind(kind: str) -> str:
    return require_one_of(kind, KINDS, field="kind")


def refuse_other_kind(before: DeskField, after: DeskField, *, is_used: bool) -> None:
    """Raises BadInput if dialogs already have values, which may not fit another kind."""
    if is_used and after.kind != before.kind:
        raise BadInput("kind", "field_is_used", name=before.name)


def valid_choices(kind: str, choices: Iterable[str]) -> tuple[str, ...]:
    """A choice field has at least one choice, each once regardless of case. The other kinds have none."""
    each = {choice.casefold(): choice for choice in choices}
    if (kind == "choice") != bool(each):
        raise BadInput("choices", "field_choices" if kind == "choice" else "field_no_choices")
    return tuple(each.values())


def valid_value(field: DeskField, value: Any) -> Any:
    """The value as it is stored. None and blank text clear the field. BadInput names the field."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    match field.kind:
        case "text":
            return whole_text(value, field=field.name, limit=VALUE_LIMIT)
        case "number":
            return _number(field, value)
        case "date":
            return _date(field, value)
        case "choice":
            return _choice(field, value)
        case _:
            if not isinstance(value, bool):
                raise BadInput(field.name, "field_yes_no")
            return value


def parse_value(field: DeskField, text: str) -> Any:
    """Parses a value typed by a person: a number with a comma, a date as 24.12.2026. BadInput says what to write
    instead.
    """
    words = text.strip()
    if field.kind == "number":
        return valid_value(field, _parse_number(words))
    if field.kind == "date" and (day := _DAY.fullmatch(words)):
        words = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    return valid_value(field, words)


def _parse_number(words: str) -> Any:
    """The number. If the text is not a number, the text itself, for the refusal."""
    digits = words.replace(" ", "").replace("\u00a0", "").replace(",", ".")
    if _WHOLE.fullmatch(digits):
        return int(digits)
    return float(digits) if _FRACTION.fullmatch(digits) else words


def field_by_name(fields: Iterable[DeskField], name: str) -> DeskField:
    """The field with that name in any case. Raises BadInput if the desk has none."""
    for field in fields:
        if field.name.casefold() == name.strip().casefold():
            return field
    raise BadInput(name, "unknown_field")


def fields_to_fill_in(fields: Iterable[DeskField], dialog: Dialog) -> list[DeskField]:
    """The fields without which a dialog of its type cannot be closed and that have no value yet."""
    return [f for f in fields if dialog.type in f.required_on_close and dialog.fields.get(f.name) is None]


def require_fields(fields: Iterable[DeskField], dialog: Dialog) -> None:
    """Raises BadInput with the first field that is missing."""
    for field in fields_to_fill_in(fields, dialog):
        raise BadInput(field.name, "field_required", type=dialog.type, name=field.name)


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """[from, to], each with only the fields that differ; null if there is no value."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [{name: values.get(name) for name in names} for values in (before, after)]


def _number(field: DeskField, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(field.name, "field_number")
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise BadInput(field.name, "field_number_range")
    return value


def _date(field: DeskField, value: Any) -> str:
    try:
        read = (
            date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-01-01") else None
        )
    except ValueError:
        read = None
    if read is None:
        raise BadInput(field.name, "field_date")
    return read.isoformat()


def _choice(field: DeskField, value: Any) -> str:
    for choice in field.choices:
        if isinstance(value, str) and choice.casefold() == value.strip().casefold():
            return choice
    raise BadInput(field.name, "one_of", choices=", ".join(field.choices))
