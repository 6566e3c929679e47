"""/t: find a template, read it filled in, edit it if needed, and send it with a tap (W-14, W-17)."""

from dataclasses import replace

from holdline.desk.conversation.composing import file_of
from holdline.desk.conversation.drafts import write_or_draft
from holdline.desk.conversation.from_template import (
    Words,
    content_with_file,
    count_use,
    fill_for,
    templates_for,
)
from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.replies import Crossing, write_in_general
from holdline.desk.settings.templates import find_template
from holdline.dialogs.conversation.template import Template
from holdline.dialogs.draft import Draft
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import WITH_HISTORY, Content
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import DeskVerb, parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.keyboards import ButtonRows, callback_button
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.conversation import messages
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "template"
LIST, PREVIEW = "list", "preview"
REPLY, NOTE = "reply", "note"
_SHOWN = 3500


def begin(
    tx: Tx, manager: Manager, *, spot: FormPosition, customer_id: int, dialog_id: int | None, called: str = ""
) -> Form:
    """`called` narrows the list. If only one template is left, it is shown at once."""
    values = {"customer_id": customer_id, "dialog_id": dialog_id, "kind": REPLY, "called": called}
    form = open_form(tx, manager, FormKind(KIND, LIST), spot=spot, values=values)
    found = _find(tx, form, manager)
    if called and len(found) == 1:
        _choose(tx, form, manager, found[0])
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    return _list(tx, form, manager) if form.step == LIST else _preview(form, manager)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    form.awaits = False
    match action:
        case "cancel":
            return cancel_form(form, manager)
        case "kind":
            form.values["kind"] = NOTE if form.values["kind"] == REPLY else REPLY
        case "page":
            form.values["first"] = parse_number(arg)
        case "use":
            _choose(tx, form, manager, find_template(tx, parse_number(arg)))
        case "edit":
            form.awaits = True
        case "history":
            form.values[WITH_HISTORY] = not form.values.get(WITH_HISTORY)
        case "back":
            form.step = LIST
        case "send" | "anyway" if form.step == PREVIEW:
            return _say(tx, form, manager, anyway=action == "anyway")
        case _:
            raise NotFound("button", action)
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """The edited text; in the list, a name to search for."""
    form.awaits = False
    form.values["text" if form.step == PREVIEW else "called"] = content.text
    return screen(tx, form, manager)


def _find(tx: Tx, form: Form, manager: Manager) -> list[Template]:
    dialog_id, called = form.values["dialog_id"], form.values["called"].casefold()
    dialog = dialogs.by_id(tx, dialog_id) if dialog_id is not None else None
    usable = templates_for(tx, manager=manager, kind=form.values["kind"], dialog=dialog)
    by_name = [one for one in usable if called in one.name.casefold()]
    return by_name or [one for one in usable if called in one.text.casefold()]


def _choose(tx: Tx, form: Form, manager: Manager, template: Template) -> None:
    """Fills in the template, and records the newest customer message that the manager has seen."""
    where = {"customer_id": form.values["customer_id"], "dialog_id": form.values["dialog_id"]}
    content = fill_for(tx, manager, Words(template_id=template.id), kind=template.kind, **where)
    seen = messages.newest_of_customer(tx, where["dialog_id"]) if where["dialog_id"] is not None else None
    form.step = PREVIEW
    form.values |= {"template": template.id, "kind": template.kind, "name": template.name}
    form.values |= {"text": content.text, "seen": seen, "file": template.file.get("kind")}


def _list(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, kind = manager.language, form.values["kind"]
    choices = [(template.id, template.name) for template in _find(tx, form, manager)]
    rows: ButtonRows = picker.keyboard(form, "use", choices, ())
    other = NOTE if kind == REPLY else REPLY
    if form.values["dialog_id"] is not None:
        rows.append([form.button(say(f"templates.show_{other}", language), "kind")])
    if not choices and is_allowed(manager, Act.EDIT_MESSAGES):
        rows.append([callback_button(say("templates.add", language), DeskVerb.OPEN_SETTINGS, "templates")])
    hint = "list_hint" if choices else "list_none" if not form.values["called"] else "list_not_found"
    return screen_with_title(
        _head(form, language),
        say(f"templates.{hint}", language, words=form.values["called"]),
        rows=[*rows, *footer_rows(form, manager)],
    )


def _preview(form: Form, manager: Manager) -> Screen:
    """The text with its buttons. Nothing is sent before the first button is pressed."""
    language, values = manager.language, form.values
    lines = [truncate(values["text"], _SHOWN)]
    if values["file"]:
        lines.append(say("templates.with_file", language))
    if form.awaits:
        lines.append(say("templates.edit_hint", language))
    if problem := values.get("problem"):
        lines.append(f"⚠️ {problem}")
    send = ("anyway", "send_anyway") if values.get("problem") else ("send", f"say_{values['kind']}")
    rows = [[form.button(say(f"templates.{send[1]}", language), send[0])]]
    more = [form.button(say("templates.edit", language), "edit")]
    if values["kind"] == REPLY and values["dialog_id"] is not None:
        mark = "✅ " if values.get(WITH_HISTORY) else ""
        more.append(form.button(mark + say("templates.history", language), "history"))
    return screen_with_title(
        _head(form, language), "", *lines, rows=[*rows, more, *footer_rows(form, manager, back=True)]
    )


def _head(form: Form, language: str) -> str:
    number = form.values["dialog_id"]
    where = f" · #{number}" if number is not None else ""
    name = f": {form.values['name']}" if form.step == PREVIEW else ""
    what = say(f"templates.head_{form.values['kind']}", language)
    return f"{what}{where}{name}"


def _say(tx: Tx, form: Form, manager: Manager, *, anyway: bool) -> Screen:
    """If the customer has written since the preview, a second tap is needed."""
    template = find_template(tx, form.values["template"])
    content = content_with_file(template, form.values["text"])
    if form.values.get(WITH_HISTORY):
        content = replace(content, data={**content.data, WITH_HISTORY: True})
    try:
        result = _act(tx, form, manager, content, Crossing(form.values["seen"], anyway))
    except DeskError as refused:
        if refused.code != "newer_message":
            raise
        form.values["problem"] = refused.sentence(manager.language)
        return screen(tx, form, manager)
    count_use(tx, Words(template_id=template.id))
    return end_form(form, say(f"templates.{result}", manager.language, text=content.text))


def _act(tx: Tx, form: Form, manager: Manager, content: Content, crossing: Crossing) -> str:
    """Sends or stores it. Returns the text key of the result."""
    dialog_id = form.values["dialog_id"]
    if dialog_id is None:
        write_in_general(tx, manager=manager, customer_id=form.values["customer_id"], content=content)
        return "done_reply"
    if form.values["kind"] == NOTE:
        add_note(tx, manager=manager, dialog_id=dialog_id, text=content.text, data=file_of(content))
        return "done_note"
    written = write_or_draft(tx, manager=manager, dialog_id=dialog_id, content=content, crossing=crossing)
    return "done_draft" if isinstance(written, Draft) else "done_reply"
