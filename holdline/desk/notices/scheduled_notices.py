"""What is told of a scheduled reply that could not be said."""

from holdline.desk.notices import views
from holdline.dialogs.conversation.scheduled_reply import ScheduledReply
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event
from holdline.dialogs.verbs import DeskVerb, DialogVerb, button_data
from holdline.store.conversation import scheduled_replies
from holdline.store.dialogs import dialogs
from holdline.store.people import managers
from holdline.store.tx import Tx

WORDS_SHOWN = 2500
_WHY = frozenset({"dialog_paused", "dialog_closed", "newer_message", "not_allowed"})


def tell_scheduled_refused(tx: Tx, event: Event) -> None:
    """Its author reads why, what it says, and has the way out; where they have left, those who handle the dialog."""
    reply, dialog = scheduled_replies.by_id(tx, event.data["scheduled_id"]), dialogs.of_event(tx, event)
    author, code = managers.by_id(tx, reply.author.id), event.data["reason"]
    readers = [reply.author.telegram_id] if author is not None and author.active else _handlers(dialog)
    why = f"scheduled.why_{code}" if code in _WHY else "scheduled.why_other"
    more: list[views.Line] = [
        {"key": why, "words": {}},
        {"key": "scheduled.words", "words": {"words": reply.excerpt(WORDS_SHOWN)}},
    ]
    words = {"id": dialog.id, "title": dialog.title, "who": reply.author.name}
    for telegram_id in readers:
        views.tell_manager(
            tx,
            telegram_id,
            "scheduled.refused",
            words,
            dialog_id=dialog.id,
            buttons=_buttons(reply, dialog),
            more=more,
        )


def _handlers(dialog: Dialog) -> list[int]:
    people = [*dialog.participants, *([dialog.assignee] if dialog.assignee else [])]
    return sorted({person.telegram_id for person in people})


def _buttons(reply: ScheduledReply, dialog: Dialog) -> views.Buttons:
    """What helps now: the dialog goes on, the words go outside it, or they go all the same."""
    rows: views.Buttons = []
    if dialog.state == "paused":
        rows.append([_button("manager.resume", button_data(DialogVerb.RESUME, dialog.id))])
    if dialog.state == "active":
        rows.append([_button("scheduled.send", button_data(DeskVerb.SEND_SCHEDULED, reply.id))])
    else:
        rows.append([_button("scheduled.send_outside", button_data(DeskVerb.SEND_SCHEDULED, reply.id, 1))])
    if dialog.state == "paused":
        rows[0].append(_button("scheduled.send", button_data(DeskVerb.SEND_SCHEDULED, reply.id)))
    return [*rows, [_button("scheduled.drop", button_data(DeskVerb.CANCEL_SCHEDULED, reply.id))]]


def _button(key: str, data: str) -> views.Button:
    return {"key": key, "data": data}
