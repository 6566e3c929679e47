"""Templates used instead of typed words: who may use one, how it reads for a customer, and how often it was used."""

from dataclasses import dataclass

from holdline.desk.settings.templates import find_template
from holdline.dialogs.conversation.template import Template, TemplateUse, fill_in
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, NotAllowed
from holdline.dialogs.rights import Act, may_use_template
from holdline.store.conversation import templates
from holdline.store.dialogs import dialogs
from holdline.store.people import customers, teams
from holdline.store.tx import Tx

_MOST = 1000
"""All templates are read at once; desks keep dozens of them."""


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a reply or a note: typed, or the id of a template instead."""

    text: str | None = None
    template_id: int | None = None

    def __post_init__(self) -> None:
        if (self.text is None) == (self.template_id is None):
            raise BadInput("text" if self.text is None else "template", "templates.mend_text_or_template")


def preview_template(tx: Tx, *, manager: Manager, template_id: int, dialog_id: int) -> str:
    """The text of the template in that dialog. Sends nothing and counts no use."""
    template, dialog = find_template(tx, template_id), dialogs.by_id(tx, dialog_id)
    return fill_in(template, _use(tx, manager, template, dialog=dialog, customer_id=dialog.customer_id))


def templates_for(tx: Tx, *, manager: Manager, kind: str, dialog: Dialog | None) -> list[Template]:
    """The templates of that kind that the manager may use there, the most used first."""
    team_ids, found = teams.team_ids_of(tx, manager.id), templates.page(tx, after=0, limit=_MOST)
    usable = [one for one in found if one.kind == kind and _is_for(one, manager, dialog, team_ids)]
    return sorted(usable, key=lambda one: (-one.uses, one.name.casefold()))


def fill_for(
    tx: Tx, manager: Manager, words: Words, *, kind: str, customer_id: int, dialog_id: int | None
) -> Content:
    """The words as given, or the template of that kind filled in for this customer."""
    if words.template_id is None:
        return Content(text=words.text or "")
    dialog = dialogs.by_id(tx, dialog_id) if dialog_id is not None else None
    template = find_template(tx, words.template_id)
    if template.kind != kind:
        raise BadInput("template", f"templates.mend_kind_{template.kind}", name=template.name)
    text = fill_in(template, _use(tx, manager, template, dialog=dialog, customer_id=customer_id))
    return content_with_file(template, text)


def count_use(tx: Tx, words: Words) -> None:
    """Counts a use of the template. Called last, so that nobody waits for a customer's chat while holding the
    template's row.
    """
    if words.template_id is not None:
        templates.count_use(tx, words.template_id)


def content_with_file(template: Template, text: str) -> Content:
    """The words, with the template's file if it has one."""
    if not template.file:
        return Content(text=text)
    data = {name: value for name, value in template.file.items() if name != "kind"}
    return Content(kind=template.file["kind"], text=text, data=data)


def _use(
    tx: Tx, manager: Manager, template: Template, *, dialog: Dialog | None, customer_id: int
) -> TemplateUse:
    if not _is_for(template, manager, dialog, teams.team_ids_of(tx, manager.id)):
        raise NotAllowed(*Act.EDIT_MESSAGES.needs, because="template_of_team")
    customer = customers.load(tx, customer_id)
    return TemplateUse(manager, customer, dialog)


def _is_for(template: Template, manager: Manager, dialog: Dialog | None, team_ids: frozenset[int]) -> bool:
    team_of_dialog = dialog.team if dialog is not None else None
    return may_use_template(template, by=manager, team_ids=team_ids, team_of_dialog=team_of_dialog)
