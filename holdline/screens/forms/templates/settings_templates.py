"""Settings → Templates: all replies and notes. A text or file is sent once, then named and given to a team."""

from holdline.desk.settings.templates import (
    add_template,
    change_template,
    find_template,
    remove_template,
    templates_page,
)
from holdline.dialogs.conversation.template import TEMPLATE_KINDS, VARIABLES, Template
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.people import teams
from holdline.store.tx import Tx
from holdline.texts import LANGUAGES, say

ACT = Act.EDIT_MESSAGES
_MOST = 1000
_NAME_LENGTH = 40
_ICONS = {"reply": "💬", "note": "📝"}


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is templates, templates/new/reply, templates/12, or templates/12/text, name, team, delete."""
    _, *path = form.step.split("/")
    if not path:
        return _list(tx, form, manager)
    if path[0] == "new":
        return _prompt(form, manager, "text")
    template = find_template(tx, parse_number(path[0]))
    if len(path) == 1:
        return _one(form, manager, template)
    return _question(tx, form, manager, template, path[1])


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    template_id = _template_id(form)
    match action:
        case "new" if arg in TEMPLATE_KINDS:
            form.step = f"templates/new/{arg}"
        case "show":
            form.step = f"templates/{parse_number(arg)}"
        case "ask" if template_id and arg in ("text", "name", "team", "delete"):
            form.step = f"templates/{template_id}/{arg}"
        case "say" if template_id:
            _change(tx, form, manager, {"language": arg if arg in LANGUAGES else None})
        case "team" if template_id:
            team = next((team.name for team in teams.list_all(tx) if str(team.id) == arg), None)
            _change(tx, form, manager, {"team": team})
        case "delete!" if template_id:
            remove_template(tx, manager=manager, template_id=template_id)
            form.step = "templates"
        case _:
            form.step = f"templates/{template_id}" if template_id and action == "shown" else "templates"


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """A new template is named after its first line until it is renamed."""
    _, *path = form.step.split("/")
    given: dict[str, object] = {"text": content.text, "file": _file_of(content)}
    if path[:1] == ["new"]:
        first = content.text.strip().partition("\n")[0]
        values = {"name": truncate(first, _NAME_LENGTH) or "…", "kind": path[1], **given}
        added = add_template(tx, manager=manager, values=values)
        form.step = f"templates/{added.id}"
    elif path[1:] == ["name"]:
        _change(tx, form, manager, {"name": content.text})
    elif path[1:] == ["text"]:
        _change(tx, form, manager, given)


def _file_of(content: Content) -> dict[str, object]:
    return {"kind": content.kind, **content.data} if content.kind != "text" else {}


def _change(tx: Tx, form: Form, manager: Manager, values: dict[str, object]) -> None:
    template_id = _template_id(form)
    change_template(tx, manager=manager, template_id=template_id, values=values)
    form.step = f"templates/{template_id}"


def _template_id(form: Form) -> int:
    number = (*form.step.split("/"), "")[1]
    return int(number) if number.isdecimal() else 0


def _list(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    choices = [
        (template.id, f"{_ICONS[template.kind]} {template.name}")
        for template in templates_page(tx, after=0, limit=_MOST)
    ]
    add = [form.button(say(f"templates.new_{kind}", language), "new", kind) for kind in TEMPLATE_KINDS]
    rows: ButtonRows = [
        *picker.keyboard(form, "show", choices, ()),
        add,
        [form.button(say("windows.menu", language), "menu")],
    ]
    return screen_with_title(
        say("windows.settings_templates", language), say("templates.shared_hint", language), rows=rows
    )


def _prompt(form: Form, manager: Manager, field: str) -> Screen:
    form.awaits = True
    language = manager.language
    variables = " ".join(f"{{{name}}}" for name in (*VARIABLES, "field.X|…"))
    return screen_with_title(
        say("windows.settings_templates", language),
        say(f"templates.ask_{field}", language, variables=variables),
        rows=[[form.button(say("windows.back", language), "shown")]],
    )


def _one(form: Form, manager: Manager, template: Template) -> Screen:
    """The template as written, with its team and how often it was used."""
    language = manager.language
    about = [
        say("templates.uses", language, count=template.uses),
        *([say("templates.with_file", language)] if template.file else []),
        *([f"👥 {inline(template.team)}"] if template.team else []),
    ]
    tongues = [
        form.button(f"· {code} ·" if code == (template.language or "—") else code, "say", code)
        for code in ("—", *LANGUAGES)
    ]
    asks = [form.button(say(f"templates.change_{name}", language), "ask", name) for name in _ASKED]
    rows = [tongues, *arrange_in_rows(asks), [form.button(say("windows.back", language), "list")]]
    head = f"{_ICONS[template.kind]} {template.name}"
    return screen_with_title(head, "", template.text, "", *about, rows=rows)


_ASKED = ("text", "name", "team", "delete")


def _question(tx: Tx, form: Form, manager: Manager, template: Template, asked: str) -> Screen:
    language = manager.language
    back = form.button(say("windows.back", language), "shown")
    if asked == "team":
        choices = [(0, say("templates.every_team", language)), *((t.id, t.name) for t in teams.list_all(tx))]
        rows: ButtonRows = [*picker.keyboard(form, "team", choices, (template.team or "",)), [back]]
        return screen_with_title(template.name, say("templates.ask_team", language), rows=rows)
    if asked == "delete":
        sure = form.button(say("windows.delete_yes", language), "delete!")
        return screen_with_title(
            template.name, say("windows.delete_what_acts", language, name=template.name), rows=[[sure, back]]
        )
    return _prompt(form, manager, asked)
