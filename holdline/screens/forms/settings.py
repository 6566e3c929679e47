"""/settings: lists, standard messages, roles, people. Each page refuses by the name of the missing permission."""

from types import ModuleType

from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.screens.forms import settings_lists, settings_people, settings_roles, settings_standard
from holdline.screens.forms.form import Form, FormSpot, Kind, ended, number, opened
from holdline.screens.screen import Window, titled
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "settings"
PAGES: dict[str, ModuleType] = {
    "types": settings_lists,
    "reasons": settings_lists,
    "components": settings_lists,
    "tags": settings_lists,
    "root_causes": settings_lists,
    "standard": settings_standard,
    "roles": settings_roles,
    "people": settings_people,
}


def takes(form: Form, content: Content) -> bool:
    """Text; on the page of people also a contact, and whatever was written by the person it is forwarded from."""
    is_about_somebody = content.kind == "contact" or "forwarded" in content.data
    return content.kind == "text" or (_page(form) is settings_people and is_about_somebody)


def begin(tx: Tx, manager: Manager, *, spot: FormSpot, page: str = "main") -> Form:
    """Everybody may look at the menu; what is behind a button asks for its right."""
    if page in PAGES:
        manager.must(PAGES[page].PERMISSION)
    return opened(tx, manager, Kind(KIND, page if page in PAGES else "main"), spot=spot)


def window(tx: Tx, form: Form, manager: Manager) -> Window:
    page = _page(form)
    if page is None:
        return _menu(form, manager)
    shown: Window = page.window(tx, form, manager)
    return shown


def pressed(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Window:
    form.awaits = False
    if action == "cancel":
        return ended(form, say("windows.settings_closed", manager.language))
    if action == "menu":
        form.step = "main"
    elif action == "open" and arg in PAGES:
        manager.must(PAGES[arg].PERMISSION)
        form.step, form.values["first"] = arg, 0
    elif action == "page":
        form.values["first"] = number(arg)
    elif (page := _page(form)) is not None:
        page.pressed(tx, form, manager, action, arg)
    return window(tx, form, manager)


def typed(tx: Tx, form: Form, manager: Manager, content: Content) -> Window:
    form.awaits = False
    if (page := _page(form)) is not None:
        page.typed(tx, form, manager, content)
    return window(tx, form, manager)


def _page(form: Form) -> ModuleType | None:
    return PAGES.get(form.step.partition("/")[0])


def _menu(form: Form, manager: Manager) -> Window:
    language = manager.language
    rows = [[form.button(say(f"windows.settings_{name}", language), "open", name)] for name in PAGES]
    rows.append([form.button(say("windows.done", language), "cancel")])
    return titled(say("windows.settings_head", language), say("windows.settings_hint", language), rows=rows)
