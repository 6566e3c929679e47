"""Settings → Standard messages: preview, new text, new captions, and reset to default, in each language (L-61)."""

from holdline.desk.settings.standard_messages import (
    preview_standard_message,
    reset_standard_message,
    set_standard_message,
    standard_message_as_written,
)
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.standard_message import NAMES, SWITCHES, WITH_BUTTONS, is_switched_on
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import LANGUAGES, say

ACT = Act.EDIT_MESSAGES


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is standard, standard/name/language, or standard/name/language/asked."""
    _, *path = form.step.split("/")
    if not path:
        return _list(form, manager)
    name, spoken, *questions = path
    if questions:
        return _prompt(form, manager, questions[0])
    return _preview(tx, form, manager, name=name, spoken=spoken)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    name, spoken = _name_and_language(form)
    match action:
        case "show" if arg in NAMES:
            form.step = f"standard/{arg}/{manager.language}"
        case "say" if name and arg in LANGUAGES:
            form.step = f"standard/{name}/{arg}"
        case "text" | "captions" | "reset" if name:
            form.step = f"standard/{name}/{spoken}/{action}"
        case "reset!" if name:
            form.step = f"standard/{name}/{spoken}"
            reset_standard_message(tx, manager=manager, name=name, language=spoken)
        case "shown" if name:
            form.step = f"standard/{name}/{spoken}"
        case _:
            form.step = "standard"


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """The whole new text, or the captions, one per line."""
    name, spoken = _name_and_language(form)
    text, captions = content.text, None
    if form.step.endswith("/captions"):
        text = standard_message_as_written(tx, name=name, language=spoken).text
        captions = [line.strip() for line in content.text.splitlines() if line.strip()]
    set_standard_message(tx, manager=manager, name=name, language=spoken, text=text, buttons=captions)
    form.step = f"standard/{name}/{spoken}"


def _name_and_language(form: Form) -> tuple[str, str]:
    parts = [*form.step.split("/"), "", "", ""]
    return parts[1], parts[2]


def _list(form: Form, manager: Manager) -> Screen:
    language = manager.language
    rows = [[form.button(say(f"windows.standard_{name}", language), "show", name)] for name in NAMES]
    rows.append([form.button(say("windows.menu", language), "menu")])
    return screen_with_title(
        say("windows.settings_standard", language), say("windows.standard_hint", language), rows=rows
    )


def _prompt(form: Form, manager: Manager, field: str) -> Screen:
    """A new text is typed. A reset, which discards the desk's own text, needs a second tap."""
    language = manager.language
    form.awaits = field != "reset"
    buttons = [form.button(say("windows.back", language), "shown")]
    if field == "reset":
        buttons.insert(0, form.button(say("windows.reset_yes", language), "reset!"))
    head = say("windows.settings_standard", language)
    return screen_with_title(head, say(f"windows.ask_{field}", language), rows=[buttons])


def _preview(tx: Tx, form: Form, manager: Manager, *, name: str, spoken: str) -> Screen:
    """The message as the customer will see it, with captions."""
    language = manager.language
    text, buttons = preview_standard_message(tx, name=name, language=spoken)
    lines = [say("windows.standard_in", language, language=spoken), "", text]
    if not is_switched_on(tx.rules, name):
        lines += ["", say("windows.standard_off", language, key=f"desk.{SWITCHES[name]}")]
    if buttons:
        lines += ["", " ".join(f"[ {caption} ]" for caption in buttons)]
    tongues = [form.button(f"· {code} ·" if code == spoken else code, "say", code) for code in LANGUAGES]
    edits = [form.button(say("windows.edit_text", language), "text")]
    if name in WITH_BUTTONS:
        edits.append(form.button(say("windows.edit_captions", language), "captions"))
    rows: ButtonRows = [
        tongues,
        *arrange_in_rows(edits),
        [form.button(say("windows.reset", language), "reset")],
    ]
    rows.append([form.button(say("windows.back", language), "list")])
    return screen_with_title(say(f"windows.standard_{name}", language), *lines, rows=rows)
