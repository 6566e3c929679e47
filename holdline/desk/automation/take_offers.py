"""Offers to take a dialog that a rule opened in private desks: sent to managers who are there; one tap takes it. Until
then it has a place in every manager's chat; afterwards the others' offers and places end.
"""

from holdline.desk.notices import places, views
from holdline.desk.notices.updatable_notices import redraw_notice, send_notice
from holdline.desk.people.presence import managers_there
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.automation import desk_rules
from holdline.store.dialogs import dialogs
from holdline.store.dialogs import places as place_rows
from holdline.store.people import managers, teams
from holdline.store.screens import outbox_by_key
from holdline.store.tx import Tx

_MOST = 200


def offer_to_take(tx: Tx, dialog: Dialog, *, rule_name: str) -> None:
    """Offers it to members of its team who are there, or to all managers who are there if it has no team; to all
    readers if nobody is there.
    """
    if places.staff_group(tx) or dialog.assignee is not None or dialog.state != "active":
        return
    readers = _readers(tx, dialog)
    there = managers_there(tx)
    line = {"key": "desk_notices.rule_offer", "words": _words(dialog, rule_name)}
    take = {"key": "desk_notices.take", "data": button_data(DialogVerb.TAKE, dialog.id, 1)}
    buttons = [[take, views.go_to_button(dialog.id)]]
    for reader in [each for each in readers if each.id in there] or readers:
        key = _key(dialog.id, reader.telegram_id)
        send_notice(tx, [line], chat_id=reader.telegram_id, said_as=key, dialog_id=dialog.id, buttons=buttons)


def end_offers_to_take(tx: Tx, event: Event) -> None:
    """Replaces the offers by who has the dialog now, or that it is closed. Does nothing if no rule opens dialogs."""
    if places.staff_group(tx) or not _rules_open_dialogs(tx):
        return
    dialog = dialogs.of_event(tx, event)
    if dialog.assignee is None and dialog.state != "closed":
        return
    line = {"key": "desk_notices.closed_by", "words": _words(dialog, event.actor.name)}
    if dialog.assignee is not None:
        line = {"key": "desk_notices.has_it_now", "words": _words(dialog, dialog.assignee.name)}
    people = managers.page(tx, limit=_MOST)
    for offer in outbox_by_key.find_all(tx, [_key(dialog.id, person.telegram_id) for person in people]):
        redraw_notice(
            tx,
            [line],
            chat_id=offer["chat_id"],
            said_as=offer["key"],
            dialog_id=dialog.id,
            buttons=[[views.go_to_button(dialog.id)]],
        )
    if dialog.state == "active":
        _end_places_of_others(tx, dialog)


def _end_places_of_others(tx: Tx, dialog: Dialog) -> None:
    """Ends the places of managers whom the dialog concerned only while nobody had it, unless they have entered it."""
    concerned = {person.telegram_id for person in (*dialog.participants, dialog.assignee) if person}
    for place in place_rows.of_dialog(tx, dialog.id):
        reader = managers.by_telegram_id(tx, place["chat_id"])
        if place["chat_id"] in concerned or (reader and reader.entered_dialog_id == dialog.id):
            continue
        views.end_place(tx, place)


def _readers(tx: Tx, dialog: Dialog) -> list[Manager]:
    readers = managers.page(tx, limit=_MOST, active_only=True)
    team = teams.find(tx, dialog.team) if dialog.team is not None else None
    members = [each for each in readers if team is not None and team.has(each.id)]
    return members or readers


def _rules_open_dialogs(tx: Tx) -> bool:
    return any("open_dialog" in step for rule in desk_rules.list_all(tx) for step in rule.steps)


def _words(dialog: Dialog, who: str) -> dict[str, object]:
    return {"id": dialog.id, "title": dialog.title, "who": who}


def _key(dialog_id: int, telegram_id: int) -> str:
    return f"take:{dialog_id}:{telegram_id}"
