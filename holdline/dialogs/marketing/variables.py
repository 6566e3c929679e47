"""Variables in marketing: `{customer.name|friend}`, `{field.city|your city}`, and in funnels `{answer.size|your size}`.
Filled in for each customer.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import length
from holdline.dialogs.text.richtext import RichText

VARIABLES = tuple(f"customer.{name}" for name in ("name", "username", "language"))
FIELD, ANSWER = "field.", "answer."
_VARIABLE = re.compile(r"\{([^{}\n]{1,200})\}")


@dataclass(frozen=True, slots=True)
class CustomerValues:
    """The values for one reader. `fields` are those that tools and funnels store. `answers` are those in a funnel; None
    for a message of no funnel, in which such a variable stays as it is.
    """

    name: str
    username: str | None = None
    language: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] | None = None

    def value_of(self, variable: str) -> str:
        """The value of the variable, or an empty string if there is none."""
        if variable.startswith(FIELD):
            return _as_text(self.fields.get(variable.removeprefix(FIELD).strip()))
        if variable.startswith(ANSWER):
            return self._answer(variable.removeprefix(ANSWER).strip())
        return dict(zip(VARIABLES, (self.name, self.username or "", self.language), strict=True))[variable]

    def _answer(self, name: str) -> str:
        """Names of answers match in any case, as in conditions."""
        said = self.answers or {}
        return _as_text(next((said[one] for one in said if one.casefold() == name.casefold()), None))


def require_known_variables(text: str, *, field: str = "text", with_answers: bool = False) -> None:
    """Raises BadInput with the first variable that can never be filled in. A field and an answer need a fallback."""
    for match in _VARIABLE.finditer(text):
        variable, bar, _ = match[1].partition("|")
        if not _is_known(variable.strip(), has_fallback=bool(bar), with_answers=with_answers):
            if not bar and _is_known(variable.strip(), has_fallback=True, with_answers=with_answers):
                example = f"{{{variable.strip()}|…}}"
                raise BadInput(field, "templates.mend_fallback", name=match[0], example=example)
            named = (*VARIABLES, "field.X|…", *(["answer.X|…"] if with_answers else []))
            choices = ", ".join(f"{{{name}}}" for name in named)
            raise BadInput(field, "templates.mend_variable", name=match[0], choices=choices)


def answers_named(text: str) -> list[str]:
    """The answers that the text's variables name."""
    variables = [match[1].partition("|")[0].strip() for match in _VARIABLE.finditer(text)]
    return [one.removeprefix(ANSWER).strip() for one in variables if one.startswith(ANSWER)]


def fill_in_values(words: RichText, values: CustomerValues) -> RichText:
    """The text with each variable replaced once. Values are never read as variables, and formatting keeps its place."""
    shifts: list[tuple[int, int, int]] = []
    text, at = "", 0
    for match in _VARIABLE.finditer(words.text):
        variable, _, fallback = match[1].partition("|")
        if not _is_known(variable.strip(), has_fallback=True, with_answers=values.answers is not None):
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


def _is_known(variable: str, *, has_fallback: bool, with_answers: bool) -> bool:
    for prefix in (FIELD, *([ANSWER] if with_answers else [])):
        if variable.startswith(prefix):
            return has_fallback and bool(variable.removeprefix(prefix).strip())
    return variable in VARIABLES


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
