"""Variables in marketing: `{customer.name|friend}` and `{field.city|your city}`, filled in for each customer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import length
from holdline.dialogs.text.richtext import RichText

VARIABLES = tuple(f"customer.{name}" for name in ("name", "username", "language"))
FIELD = "field."
_VARIABLE = re.compile(r"\{([^{}\n]{1,200})\}")


@dataclass(frozen=True, slots=True)
class CustomerValues:
    """The values for one reader. `fields` are those that tools and funnels store."""

    name: str
    username: str | None = None
    language: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    def value_of(self, variable: str) -> str:
        """The value of the variable, or an empty string if there is none."""
        if variable.startswith(FIELD):
            return _as_text(self.fields.get(variable.removeprefix(FIELD).strip()))
        return dict(zip(VARIABLES, (self.name, self.username or "", self.language), strict=True))[variable]


def require_known_variables(text: str, *, field: str = "text") -> None:
    """Raises BadInput with the first variable that can never be filled in. A field needs a fallback."""
    for match in _VARIABLE.finditer(text):
        variable, bar, _ = match[1].partition("|")
        if not _is_known(variable.strip(), has_fallback=bool(bar)):
            choices = ", ".join(f"{{{name}}}" for name in (*VARIABLES, "field.X|…"))
            raise BadInput(field, "templates.mend_variable", name=match[0], choices=choices)


def fill_in_values(words: RichText, values: CustomerValues) -> RichText:
    """The text with each variable replaced once. Values are never read as variables, and formatting keeps its place."""
    shifts: list[tuple[int, int, int]] = []
    text, at = "", 0
    for match in _VARIABLE.finditer(words.text):
        variable, _, fallback = match[1].partition("|")
        if not _is_known(variable.strip(), has_fallback=True):
            continue
        value = values.value_of(variable.strip()).strip() or fallback.strip()
        start = length(words.text[: match.start()])
        shifts.append((start, start + length(match[0]), length(value) - length(match[0])))
        text += words.text[at : match.start()] + value
        at = match.end()
    if not shifts:
        return words
    return RichText(text + words.text[at:], tuple(_move(words.entities, shifts)))


def _move(entities: Iterable[dict[str, Any]], shifts: list[tuple[int, int, int]]) -> Iterable[dict[str, Any]]:
    """An entity that starts or ends inside a variable is extended to the whole variable."""
    for entity in entities:
        start = _new_place(entity["offset"], shifts, ends=False)
        end = _new_place(entity["offset"] + entity["length"], shifts, ends=True)
        if end > start:
            yield {**entity, "offset": start, "length": end - start}


def _new_place(unit: int, shifts: list[tuple[int, int, int]], *, ends: bool) -> int:
    moved = 0
    for start, end, by in shifts:
        if end <= unit:
            moved += by
        elif start < unit:
            return end + moved + by if ends else start + moved
    return unit + moved


def _is_known(variable: str, *, has_fallback: bool) -> bool:
    if variable.startswith(FIELD):
        return has_fallback and bool(variable.removeprefix(FIELD).strip())
    return variable in VARIABLES


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
