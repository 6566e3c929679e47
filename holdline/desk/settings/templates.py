"""The library of templates: who may change it, and what a template may contain."""

from dataclasses import asdict
from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.dialogs.conversation.template import (
    Template,
    require_known_variables,
    valid_template_kind,
    valid_template_language,
)
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.dialogs.text.wording import one_line, whole_text
from holdline.store.conversation import templates
from holdline.store.dialogs import desk_fields
from holdline.store.people import admin_log, teams
from holdline.store.tx import Tx


def templates_page(tx: Tx, *, after: int, limit: int) -> list[Template]:
    """A page of templates that were not deleted, the oldest first."""
    return templates.page(tx, after=after, limit=limit)


def find_template(tx: Tx, template_id: int) -> Template:
    """The template; raises NotFound if there is none or it was deleted."""
    template = templates.by_id(tx, template_id)
    if template is None:
        raise NotFound("template", template_id)
    return template


def add_template(tx: Tx, *, manager: Manager | None, values: dict[str, Any]) -> Template:
    """Adds a template. `values`: name, kind, text, and optionally team, language, file."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    empty: dict[str, Any] = {"team_id": None, "language": None, "file_json": {}}
    added = find_template(tx, templates.insert(tx, empty | _columns(tx, values)))
    admin_log.add(tx, manager, "template_added", about=f"template:{added.id}", after=asdict(added))
    return added


def change_template(tx: Tx, *, manager: Manager | None, template_id: int, values: dict[str, Any]) -> Template:
    """Changes only the given values."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    before = find_template(tx, template_id)
    if columns := _columns(tx, values):
        templates.update(tx, template_id, columns)
    after = find_template(tx, template_id)
    if after != before:
        about = f"template:{template_id}"
        admin_log.add(
            tx, manager, "template_changed", about=about, before=asdict(before), after=asdict(after)
        )
    return after


def remove_template(tx: Tx, *, manager: Manager | None, template_id: int) -> None:
    """Deletes a template; messages that were written with it stay."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    before = find_template(tx, template_id)
    templates.update(tx, template_id, {"deleted_at": tx.at})
    admin_log.add(tx, manager, "template_deleted", about=f"template:{template_id}", before=asdict(before))


def _columns(tx: Tx, values: dict[str, Any]) -> dict[str, Any]:
    return dict(_column(tx, name, value) for name, value in values.items())


def _column(tx: Tx, name: str, value: Any) -> tuple[str, Any]:
    """The column and the checked value; raises BadInput with the field's name."""
    match name:
        case "name":
            return name, one_line(value, field=name)
        case "kind":
            return name, valid_template_kind(value)
        case "text":
            text = whole_text(value, field=name, limit=TEXT_LIMIT)
            require_known_variables(text, fields=[field.name for field in desk_fields.all_fields(tx)])
            return name, text
        case "team":
            return "team_id", _team_id(tx, value)
        case "language":
            return name, valid_template_language(value)
        case _:
            return "file_json", value


def _team_id(tx: Tx, name: str | None) -> int | None:
    if name is None:
        return None
    team = teams.find(tx, name)
    if team is None:
        raise BadInput("team", "templates.mend_team", name=name)
    return team.id
