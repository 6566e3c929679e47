"""⚡ on a row: acts on its dialog from the list, in the same window (R-16)."""

from datetime import datetime, timedelta

from holdline.desk.dialogs.assignment import take_dialog
from holdline.desk.dialogs.bulk_steps import do_step
from holdline.desk.dialogs.due_dates import postpone_dialog
from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.teams.routing import assign_dialog_to_team
from holdline.dialogs.bulk import BulkStep
from holdline.dialogs.decisions.changes import refuse_changes_of_closed
from holdline.dialogs.decisions.postponing import Shift, postpone
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import moment_text
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.dialogs import bulk_values
from holdline.screens.forms import picker
from holdline.screens.forms.timing.postpone_form import PRESETS
from holdline.screens.keyboards import Button, ButtonRows, arrange_in_rows, callback_button, ellipsize
from holdline.screens.lists.filters import show_button
from holdline.screens.lists.lines import dialog_rows
from holdline.screens.lists.view import ListView, decode_number, encode_number
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.conversation import conversation
from holdline.store.dialogs import dialogs
from holdline.store.people import teams
from holdline.store.tx import EPOCH, Tx
from holdline.texts import say

MAIN = "main"
_STEPS = ("stage", "queue", "priority")
_TAKE, _TEAM, _DUE, _UNTIL = "take", "team", "due", "until"
_MOST = 60
_WORDS = 300
_TITLE = 32
_MINUTE = timedelta(minutes=1)
_MINUTE_DIGITS = 6


def row_screen(tx: Tx, manager: Manager, *, dialog_id: int, choice: str, view: ListView) -> Screen:
    """`choice` is main, or the value being chosen. Viewing changes nothing."""
    dialog = dialogs.by_id(tx, dialog_id)
    lines = dialog_rows(tx, [dialog], manager)
    back = [_choice_button(say("windows.back", manager.language), dialog, MAIN, view=view)]
    if choice == MAIN:
        lines += _last_words(tx, dialog)
        to_list = show_button(say("lists.back", manager.language), view)
        return screen_with_title(*lines, rows=[*_main_rows(tx, manager, dialog, view), [to_list]])
    refuse_changes_of_closed(dialog, [choice])
    name, _, value = choice.partition("-")
    if name == _UNTIL and value in PRESETS:
        question, until = _due_question(tx, manager, dialog, value, view)
        return screen_with_title(*lines, question, rows=[until, back])
    rows = _value_rows(tx, manager, dialog, choice=name, view=view)
    asks = say(f"bulk.do_{_NAMES.get(name, name)}", manager.language)
    return screen_with_title(*lines, asks, rows=[*rows, back])


def change_row(tx: Tx, manager: Manager, *, dialog_id: int, change: str) -> str:
    """Performs the act of a button with the rights of the manager who pressed it. Returns a line that says what was
    done.
    """
    name, _, word = change.partition("-")
    dialog = dialogs.by_id(tx, dialog_id)
    match name:
        case "take":
            take_dialog(tx, manager=manager, dialog_id=dialog_id)
            done = inline(manager.name)
        case "team":
            team = teams.by_id(tx, decode_number(word)).name
            given = assign_dialog_to_team(tx, manager=manager, dialog_id=dialog_id, team=team)
            done = f"👥 {inline(team)}" + (f" · {inline(given.assignee.name)}" if given.assignee else "")
        case "due":
            until = _moment(word)
            postpone_dialog(tx, manager=manager, dialog_id=dialog_id, shift=Shift(until=until))
            done = moment_text(until, time_zone_of(tx, manager))
        case "assign" | "stage" | "queue" | "priority":
            value = _value(tx, name, word)
            do_step(tx, BulkStep(name, value), manager=manager, dialog_id=dialog_id)
            done = (
                bulk_values.value_text(tx, name, value, language=manager.language)
                if value is not None
                else "—"
            )
        case _:
            raise NotFound("button", name[:18])
    what = say(f"bulk.do_{_NAMES.get(name, name)}", manager.language)
    title = inline(ellipsize(dialog.title, _TITLE))
    return say("lists.done", manager.language, id=dialog.id, title=title, value=f"{what}: {done}")


def _main_rows(tx: Tx, manager: Manager, dialog: Dialog, view: ListView) -> ButtonRows:
    language, rows = manager.language, []
    if dialog.state != "closed" and is_allowed(manager, Act.CHANGE_DIALOG):
        acts = [
            _choice_button(say(f"bulk.do_{name}", language), dialog, name, view=view)
            for name in (*(["assign"] if is_allowed(manager, Act.GIVE_DIALOG) else []), *_STEPS)
        ]
        acts.append(_choice_button(say("bulk.do_postpone", language), dialog, _DUE, view=view))
        if dialog.assignee is None or dialog.assignee.id != manager.id:
            acts.insert(0, _change_button(say("lists.take", language), dialog, _TAKE, view=view))
        rows = arrange_in_rows(acts)
    go = [dialog_link_button(tx, dialog.id, say("manager.go", language, id=dialog.id))]
    if dialog.state == "active":
        go.insert(0, callback_button(say("lists.answer", language), DeskVerb.ANSWER_FROM_LIST, dialog.id))
    return [*rows, go]


def _value_rows(tx: Tx, manager: Manager, dialog: Dialog, *, choice: str, view: ListView) -> ButtonRows:
    language = manager.language
    if choice == _DUE:
        presets = [
            _choice_button(say(f"time.preset_{name}", language), dialog, f"{_UNTIL}-{name}", view=view)
            for name in PRESETS
        ]
        return arrange_in_rows(presets, 3)
    if choice not in ("assign", *_STEPS):
        raise NotFound("button", choice[:18])
    values = [
        _change_button(
            bulk_values.value_text(tx, choice, value, language=language),
            dialog,
            f"{choice}-{encode_number(number)}",
            view=view,
        )
        for number, value in bulk_values.choices(tx, choice)[:_MOST]
    ]
    more = []
    if choice == "assign":
        more = [
            _change_button(f"👥 {team.name}", dialog, f"{_TEAM}-{encode_number(team.id)}", view=view)
            for team in teams.list_all(tx)[: _MOST // 3]
        ]
    nothing = []
    if (choice == "assign" and dialog.assignee is not None) or (choice == "queue" and dialog.queue):
        caption = say("windows.unassign" if choice == "assign" else "windows.no_value", language)
        nothing = [[_change_button(caption, dialog, f"{choice}-0", view=view)]]
    empty = picker.add_value_rows(tx, manager, "queues") if choice == "queue" and not values else []
    return [*arrange_in_rows(values), *arrange_in_rows(more), *nothing, *empty]


def _due_question(
    tx: Tx, manager: Manager, dialog: Dialog, preset: str, view: ListView
) -> tuple[str, list[Button]]:
    """The date that would be set, to the minute, in the manager's time zone. The button carries exactly this date."""
    zone, language = time_zone_of(tx, manager), manager.language
    until = postpone(dialog.due_at, PRESETS[preset], at=tx.at, zone=zone)
    minutes = -((EPOCH - until) // _MINUTE)
    question = say("time.due_then", language, at=moment_text(EPOCH + minutes * _MINUTE, zone))
    change = f"{_DUE}-{encode_number(minutes)}"
    return question, [_change_button(say("time.set_due_date", language), dialog, change, view=view)]


def _moment(word: str) -> datetime:
    """The moment in a button's data. Raises NotFound for a number that no button of ours carries."""
    if len(word) > _MINUTE_DIGITS:
        raise NotFound("button", word[:18])
    return EPOCH + decode_number(word) * _MINUTE


def _value(tx: Tx, name: str, word: str) -> object:
    """The value of the button, or None if it clears the value. Raises NotFound if the value no longer exists."""
    number = decode_number(word)
    if not number and name in ("assign", "queue"):
        return None
    for each, value in bulk_values.choices(tx, name):
        if each == number:
            return value
    raise NotFound("button", word[:18])


def _last_words(tx: Tx, dialog: Dialog) -> list[str]:
    """The last message, so that the manager knows what is answered."""
    said = conversation.newest(tx, dialog.id, before=None, limit=1)
    return [f"💬 {inline(ellipsize(message.content.text or '📎', _WORDS))}" for message in said]


def _choice_button(text: str, dialog: Dialog, choice: str, *, view: ListView) -> Button:
    return callback_button(text, DeskVerb.SHOW_ROW, dialog.id, choice, view.word())


def _change_button(text: str, dialog: Dialog, change: str, *, view: ListView) -> Button:
    return callback_button(text, DeskVerb.CHANGE_ROW, dialog.id, change, view.word())


_NAMES = {_DUE: "postpone", _TAKE: "assign", _TEAM: "assign"}
"""Acts whose text key differs from the word in the button."""
