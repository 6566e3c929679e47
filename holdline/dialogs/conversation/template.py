"""A template: a reply or a note written once, with variables that are filled in on each use."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.choices import require_one_of
from holdline.texts import say

TemplateKind = Literal["reply", "note"]

TEMPLATE_KINDS: tuple[TemplateKind, ...] = ("reply", "note")
VARIABLES = tuple(".".join(pair) for pair in (("customer", "name"), ("dialog", "id"), ("manager", "name")))
FIELD = "field."
"""Prefix of a variable that names a desk field."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_VARIABLE = re.compile(r"\{([^{}\n]+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """Only `team` may use it; None means everybody. `language` is the language of its text, None for any.

    `file` is sent with the text: its kind, and what that kind needs to be sent again.
    """

    id: int
    name: str
    kind: TemplateKind
    text: str
    team_id: int | None = None
    team: str | None = None
    language: str | None = None
    file: Mapping[str, Any] = field(default_factory=dict)
    uses: int = 0


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """The data a template is filled in with. `dialog` is None outside any dialog."""

    manager: Manager
    customer: Customer
    dialog: Dialog | None = None

    def value_of(self, variable: str) -> str:
        """The value of the variable, or an empty string if there is none."""
        if variable.startswith(FIELD):
            return self._field(variable.removeprefix(FIELD).strip())
        dialog_id = str(self.dialog.id) if self.dialog else ""
        return dict(zip(VARIABLES, (self.customer.name, dialog_id, self.manager.name), strict=True))[variable]

    def _field(self, name: str) -> str:
        fields = self.dialog.fields if self.dialog else {}
        value = next((fields[one] for one in fields if one.casefold() == name.casefold()), None)
        if isinstance(value, bool):
            return say("templates.yes" if value else "templates.no", self.customer.language)
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def valid_template_kind(kind: str) -> str:
    return require_one_of(kind, TEMPLATE_KINDS, field="kind")


def valid_template_language(code: str | None) -> str | None:
    """Two or three lower-case letters, or None for any language."""
    if code is not None and not _LANGUAGE.fullmatch(code):
        raise BadInput("language", "templates.mend_language")
    return code


def require_known_variables(text: str, *, fields: Collection[str]) -> None:
    """Raises BadInput with the first variable that can never be filled in. `fields` are the desk fields' names."""
    known_fields = {name.casefold() for name in fields}
    for variable, has_fallback in _variables(text):
        if not _is_known(variable, known_fields, has_fallback=has_fallback):
            choices = ", ".join(f"{{{name}}}" for name in (*VARIABLES, "field.X|…"))
            raise BadInput("text", "templates.mend_variable", name=f"{{{variable}}}", choices=choices)


def fill_in(template: Template, use: TemplateUse) -> str:
    """The text with its variables replaced. Values are inserted once and never read as variables again.

    Raises BadInput if a variable without a fallback has no value because there is no dialog.
    """
    return _VARIABLE.sub(lambda match: _value(match[1], use), template.text)


def _value(written: str, use: TemplateUse) -> str:
    variable, bar, fallback = written.partition("|")
    value = use.value_of(variable.strip())
    if not value.strip() and not bar and use.dialog is None:
        raise BadInput("template", "templates.mend_needs_dialog", name=f"{{{written}}}")
    return value if value.strip() else fallback.strip()


def _variables(text: str) -> Iterator[tuple[str, bool]]:
    """Each variable, and whether it has a fallback."""
    for match in _VARIABLE.finditer(text):
        variable, bar, _ = match[1].partition("|")
        yield variable.strip(), bool(bar)


def _is_known(variable: str, fields: Collection[str], *, has_fallback: bool) -> bool:
    """Whether the variable exists. A field that does not exist yet, or no longer, needs a fallback."""
    if not variable.startswith(FIELD):
        return variable in VARIABLES
    name = variable.removeprefix(FIELD).strip()
    return bool(name) and (has_fallback or name.casefold() in fields)
