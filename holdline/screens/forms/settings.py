"""/settings: lists, standard messages, roles, people. A refusal by a page names the missing permission."""

from types import ModuleType

from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import require_allowed
from holdline.dialogs.verbs import parse_number
from holdline.screens.dialogs import settings_close_reasons, settings_fields
from holdline.screens.forms import (
    settings_lists,
    settings_people,
    settings_roles,
    settings_standard,
    settings_teams,
)
from holdline.screens.forms.automation import settings_habits, settings_rules
from holdline.screens.forms.form import Form, FormKind, FormPosition, end_form, open_form
from holdline.screens.forms.smart_replies import settings_smart_replies
from holdline.screens.forms.tagging import settings_tagging
from holdline.screens.forms.templates import settings_templates
from holdline.screens.forms.timing import settings_calendars, settings_time_zone
from holdline.screens.forms.webhooks import settings_webhooks
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "settings"
PAGES: dict[str, ModuleType] = {
    "types": settings_lists,
    "reasons": settings_lists,
    "components": settings_lists,
    "tags": settings_lists,
    "root_causes": settings_lists,
    "queues": settings_lists,
    "stages": settings_lists,
    "close_reasons": settings_close_reasons,
    "fields": settings_fields,
    "standard": settings_standard,
    "templates": settings_templates,
    "roles": settings_roles,
    "people": settings_people,
    "teams": settings_teams,
    "rules": settings_rules,
    "habits": settings_habits,
    "calendars": settings_calendars,
    "sla": settings_calendars,
    "tagging": settings_tagging,
    "smart_replies": settings_smart_replies,
    "webhooks": settings_webhooks,
    "time_zone": settings_time_zone,
}


def takes(form: Form, content: Content) -> bool:
    """Text; for templates also a file; for people also a contact, or any forwarded message."""
    page = PAGES.get(_page_name(form))
    if page is settings_templates:
        return content.kind == "text" or "file_id" in content.data
    is_about_somebody = content.kind == "contact" or "forwarded" in content.data
    return content.kind == "text" or (page is settings_people and is_about_somebody)


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, page: str = "main") -> Form:
    """Everybody may open the menu. Each page requires its own permission."""
    if page in PAGES:
        require_allowed(manager, PAGES[page].ACT)
    return open_form(tx, manager, FormKind(KIND, page if page in PAGES else "main"), spot=spot)


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Refused if the permission for the open page was withdrawn."""
    page = _page(form, manager)
    if page is None:
        return _menu(form, manager)
    page_screen: Screen = page.screen(tx, form, manager)
    return page_screen


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    form.awaits = False
    if action == "cancel":
        return end_form(form, say("windows.settings_closed", manager.language))
    if action == "menu":
        form.step = "main"
    elif action == "open" and arg in PAGES:
        require_allowed(manager, PAGES[arg].ACT)
        form.step, form.values["first"] = arg, 0
    elif action == "page":
        form.values["first"] = parse_number(arg)
    elif (page := _page(form, manager)) is not None:
        page.handle_press(tx, form, manager, action, arg)
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    form.awaits = False
    if (page := _page(form, manager)) is not None:
        page.handle_text(tx, form, manager, content)
    return screen(tx, form, manager)


def _page(form: Form, manager: Manager) -> ModuleType | None:
    """The open page. Its permission is checked each time."""
    page = PAGES.get(_page_name(form))
    if page is not None:
        require_allowed(manager, page.ACT)
    return page


def _page_name(form: Form) -> str:
    return form.step.partition("/")[0]


def _menu(form: Form, manager: Manager) -> Screen:
    language = manager.language
    rows = [[form.button(say(f"windows.settings_{name}", language), "open", name)] for name in PAGES]
    rows.append([form.button(say("windows.done", language), "cancel")])
    return screen_with_title(
        say("windows.settings_head", language), say("windows.settings_hint", language), rows=rows
    )
