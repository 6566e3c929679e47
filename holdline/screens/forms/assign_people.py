"""Choosing the assignee of a dialog. The buttons carry everything, so no form is needed."""

from holdline.desk.people.presence import managers_there
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DeskVerb, DialogVerb, Verb
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.forms import picker
from holdline.screens.keyboards import Button, arrange_in_rows, callback_button, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs, inbox_items
from holdline.store.people import teams
from holdline.store.tx import Row, Tx
from holdline.texts import say

MOST = 60
MOST_TEAMS = 20


def assignee_choice_screen(tx: Tx, manager: Manager, *, dialog_id: int, called: str = "") -> Screen:
    """Available managers first. The last button withdraws the assignment. `called` is a name that was not clear."""
    dialog, language = dialogs.by_id(tx, dialog_id), manager.language
    may_give = is_allowed(manager, Act.GIVE_DIALOG)
    candidates = people_called(tx, called) if may_give else []
    candidates = candidates or _assignable(manager, picker.active_managers(tx))
    of_teams = [
        callback_button(f"👥 {team.name}", DialogVerb.ASSIGN_TO_TEAM, dialog_id, team.id)
        for team in (teams.list_all(tx) if may_give else ())
    ]
    people = _people_buttons(tx, candidates, DialogVerb.ASSIGN, dialog_id)
    rows = [*arrange_in_rows(people), *arrange_in_rows(of_teams[:MOST_TEAMS])]
    if dialog.assignee is not None:
        rows.append([callback_button(say("windows.unassign", language), DialogVerb.ASSIGN, dialog_id, 0)])
    owner = dialog.assignee.name if dialog.assignee else "—"
    head = say("windows.assign_head", language, id=dialog.id, title=inline(dialog.title))
    lines = [say("windows.assign_now", language, name=inline(owner)), say("windows.assign_signs", language)]
    if called and may_give:
        key = "assign_which" if len(people_called(tx, called)) > 1 else "assign_nobody"
        lines.insert(0, say(f"windows.{key}", language, name=inline(ellipsize(called))))
    return screen_with_title(head, *lines, rows=rows)


def _assignable(manager: Manager, people: list[Manager]) -> list[Manager]:
    """The people to whom this manager may assign work: without the right to reassign, only themselves."""
    if is_allowed(manager, Act.GIVE_DIALOG):
        return people
    return [person for person in people if person.id == manager.id]


def assignment_screen(tx: Tx, manager: Manager, dialog: Dialog) -> Screen:
    """The result of the choice, with a link to the dialog."""
    owner = dialog.assignee.name if dialog.assignee else dialog.team
    name = inline(owner or "")
    key = "assigned" if owner else "assigned_nobody"
    go = dialog_link_button(tx, dialog.id, say("manager.go", manager.language, id=dialog.id))
    return Screen(say(f"manager.{key}", manager.language, id=dialog.id, name=name), [[go]])


def inbox_assignee_screen(tx: Tx, manager: Manager, *, item_id: int) -> Screen:
    """The managers who can get an Inbox item. The last button withdraws the assignment."""
    item, language = inbox_items.by_id_with_names(tx, item_id), manager.language
    candidates = _assignable(manager, picker.active_managers(tx))
    people = _people_buttons(tx, candidates, DeskVerb.ASSIGN_INBOX_ITEM, item_id)
    rows = arrange_in_rows(people)
    if item["assignee_id"] is not None:
        rows.append(
            [callback_button(say("windows.unassign", language), DeskVerb.ASSIGN_INBOX_ITEM, item_id, 0)]
        )
    head = say("windows.inbox_assign_head", language, name=inline(item["customer_name"]))
    now = say("windows.assign_now", language, name=inline(item["assignee_name"] or "—"))
    return screen_with_title(head, now, say("windows.assign_signs", language), rows=rows)


def inbox_assigned_screen(manager: Manager, item: Row) -> Screen:
    """The result of the choice, with a button to answer."""
    customer, language = inline(item["customer_name"]), manager.language
    key = "inbox_assigned" if item["assignee_name"] else "inbox_assigned_nobody"
    answer = callback_button(
        say("cards.button_answer", language), DeskVerb.ANSWER_CUSTOMER, item["customer_id"]
    )
    words = {"name": inline(item["assignee_name"] or ""), "customer": customer}
    return Screen(
        say(f"manager.{key}", language, **words), [[answer]] if is_allowed(manager, Act.REPLY) else []
    )


def _people_buttons(tx: Tx, people: list[Manager], verb: Verb, number: int) -> list[Button]:
    """Available managers first."""
    there = managers_there(tx)
    ordered = sorted(people, key=lambda person: (person.id not in there, person.name.casefold()))
    return [
        callback_button(f"{'🟢' if p.id in there else '⚪️'} {p.name}", verb, number, p.telegram_id)
        for p in ordered[:MOST]
    ]


def people_called(tx: Tx, name: str) -> list[Manager]:
    """Managers whose whole name matches, or else those whose name, or a word of it, starts with it. Ignores case."""
    wanted = " ".join(name.casefold().split())
    if not wanted:
        return []
    people = picker.active_managers(tx)
    whole = [person for person in people if person.name.casefold() == wanted]
    return whole or [person for person in people if f" {wanted}" in f" {person.name.casefold()}"]
