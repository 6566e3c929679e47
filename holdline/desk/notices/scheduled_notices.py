"""Notices about a scheduled reply that could not be sent."""

from typing import Any

from holdline.desk.notices import places, views
from holdline.dialogs.conversation.scheduled_reply import ScheduledReply
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.verbs import DeskVerb, DialogVerb, button_data
from holdline.store.conversation import scheduled_replies
from holdline.store.dialogs import dialogs
from holdline.store.people import managers
from holdline.store.tx import Tx

WORDS_SHOWN = 2500
_WHY = frozenset({"dialog_paused", "dialog_closed", "newer_message", "not_allowed", "restored"})


def notify_of_refused_scheduled_reply(tx: Tx, event: Event) -> None:
    """Notifies its author why it was refused, with its text and the ways to continue. If the author has left, notifies
    those who handle the dialog, or else its places.
    """
    reply, dialog = scheduled_replies.by_id(tx, event.data["scheduled_id"]), dialogs.of_event(tx, event)
    code = event.data["reason"]
    why = f"scheduled.why_{code}" if code in _WHY else "scheduled.why_other"
    more: list[views.Line] = [
        {"key": why, "words": {}},
        {"key": "scheduled.words", "words": {"words": reply.excerpt(WORDS_SHOWN)}},
    ]
    words = {"id": dialog.id, "title": dialog.title, "who": reply.author.name}
    said: dict[str, Any] = {"buttons": _buttons(reply, dialog), "more": more}
    readers = _of_desk(tx, [reply.author]) or _of_desk(tx, _handlers(dialog))
    for reader in readers:
        views.notify_manager(tx, reader.telegram_id, "scheduled.refused", words, dialog_id=dialog.id, **said)
    if not readers:
        for place in places.ensure_for_dialog(tx, dialog):
            views.notify_place(tx, place, "scheduled.refused", words, **said)


def _handlers(dialog: Dialog) -> list[Person]:
    people = [*dialog.participants, *([dialog.assignee] if dialog.assignee else [])]
    return list({person.id: person for person in people}.values())


def _of_desk(tx: Tx, people: list[Person]) -> list[Manager]:
    """Those of them who still belong to the desk; a closed dialog may name people who have left since."""
    found = [managers.by_id(tx, person.id) for person in people]
    return [manager for manager in found if manager is not None and manager.active]


def _buttons(reply: ScheduledReply, dialog: Dialog) -> views.Buttons:
    """The buttons that help now: resume the dialog, send the words outside it, send them all the same, or drop them."""
    rows: views.Buttons = []
    inside, outside = (button_data(DeskVerb.SEND_SCHEDULED, reply.id, each, reply.version) for each in (0, 1))
    if dialog.state == "paused":
        rows.append([_button("manager.resume", button_data(DialogVerb.RESUME, dialog.id))])
    if dialog.state == "active":
        rows.append([_button("scheduled.send", inside)])
    else:
        rows.append([_button("scheduled.send_outside", outside)])
    if dialog.state == "paused":
        rows[0].append(_button("scheduled.send", inside))
    return [*rows, [_button("scheduled.drop", button_data(DeskVerb.CANCEL_SCHEDULED, reply.id))]]


def _button(key: str, data: str) -> views.Button:
    return {"key": key, "data": data}
