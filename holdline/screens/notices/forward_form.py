"""📨 Forwarding a dialog: recipients, subject, message and three parts; afterwards the result for each recipient."""

from holdline.desk.dialogs.forwards import forward_dialog
from holdline.dialogs.decisions.forwards import PARTS, ForwardOrder, recipient_sign
from holdline.dialogs.manager import ROLES, Manager
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.letters import require_address
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.text.wording import one_line
from holdline.dialogs.verbs import parse_number
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
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "forward"
TYPED = ("emails", "subject", "message")
_SHOWN = 300


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, dialog_id: int) -> Form:
    """The subject is the dialog's name until it is changed. Facts and the conversation are included unless switched
    off.
    """
    require_allowed(manager, Act.FORWARD_DIALOG)
    dialog = dialogs.by_id(tx, dialog_id)
    values = {
        "dialog_id": dialog.id,
        "subject": f"#{dialog.id} {dialog.title}",
        "message": "",
        "parts": ["info", "history"],
        "emails": [],
        "people": [],
        "roles": [],
    }
    return open_form(tx, manager, FormKind(KIND), spot=spot, values=values)


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    values, language = form.values, manager.language
    head = say("forwarding.head", language, id=values["dialog_id"])
    if form.step in TYPED:
        return screen_with_title(
            head,
            say(f"forwarding.ask_{form.step}", language),
            rows=footer_rows(form, manager, back=True),
        )
    if form.step == "people":
        return screen_with_title(
            head, say("forwarding.ask_people", language), rows=_people_rows(tx, form, manager)
        )
    lines = [
        say("forwarding.to", language, names=inline(_names(tx, form, language)) or "—"),
        say("forwarding.subject", language, text=inline(values["subject"])),
    ]
    if values["message"]:
        lines.append(say("forwarding.message", language, text=truncate(values["message"], _SHOWN)))
    return screen_with_title(head, *lines, rows=_main_rows(form, manager))


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    match action:
        case "cancel":
            return cancel_form(form, manager)
        case "send":
            return _send(tx, form, manager)
        case "part":
            form.toggle("parts", arg)
        case "person":
            form.toggle("people", parse_number(arg))
        case "role":
            form.toggle("roles", arg)
        case "page":
            form.values["first"] = parse_number(arg)
        case "emails" | "subject" | "message" | "people":
            form.step = action
        case _:
            form.step = "main"
    form.awaits = form.step in TYPED
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """Addresses may be on one line or several. Typing them again replaces the earlier ones."""
    if form.step == "emails":
        words = content.text.replace(",", " ").replace(";", " ").split()
        form.values["emails"] = [require_address(word, field="to") for word in words]
    elif form.step == "subject":
        form.values["subject"] = one_line(content.text, field="subject")
    else:
        form.values["message"] = content.text.strip()
    form.step, form.awaits = "main", False
    return screen(tx, form, manager)


def _send(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Sends the forward. From then on the window shows the result for each recipient."""
    values = form.values
    order = ForwardOrder(
        subject=values["subject"],
        message=values["message"],
        parts=tuple(values["parts"]),
        emails=tuple(values["emails"]),
        telegram_ids=tuple(values["people"]),
        roles=tuple(values["roles"]),
    )
    forward = forward_dialog(tx, manager=manager, dialog_id=values["dialog_id"], order=order, form_id=form.id)
    head = say("forwarding.done", manager.language, id=forward.dialog_id)
    return end_form(form, "\n".join([head, *(recipient_sign(one) for one in forward.recipients)]))


def _names(tx: Tx, form: Form, language: str) -> str:
    values = form.values
    people = [one.name for one in picker.active_managers(tx) if one.telegram_id in values["people"]]
    roles = [say(f"windows.role_{role}", language) for role in values["roles"]]
    return ", ".join([*values["emails"], *people, *roles])


def _main_rows(form: Form, manager: Manager) -> ButtonRows:
    language = manager.language
    asks = [form.button(say(f"forwarding.button_{name}", language), name) for name in ("people", *TYPED)]
    parts = [
        form.button(
            f"{'☑️' if part in form.values['parts'] else '⬜️'} {say(f'forwarding.part_{part}', language)}",
            "part",
            part,
        )
        for part in PARTS
    ]
    send = [form.button(say("forwarding.send", language), "send")]
    return [*arrange_in_rows(asks), *arrange_in_rows(parts), send, *footer_rows(form, manager)]


def _people_rows(tx: Tx, form: Form, manager: Manager) -> ButtonRows:
    """Roles first; each stands for all its members."""
    roles = [
        form.button(
            f"{'✅ ' if role in form.values['roles'] else ''}👥 {say(f'windows.role_{role}', manager.language)}",
            "role",
            role,
        )
        for role in ROLES
    ]
    people = [(one.telegram_id, one.name) for one in picker.active_managers(tx)]
    chosen = {name for telegram_id, name in people if telegram_id in form.values["people"]}
    return [
        *arrange_in_rows(roles),
        *picker.keyboard(form, "person", people, chosen),
        *footer_rows(form, manager, back=True),
    ]
