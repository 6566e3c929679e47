"""Notices about a new dialog: the places that show it, the tasks of its participants, and the end of colleagues'
wizards.
"""

from holdline.desk.dialogs import tasks
from holdline.desk.dialogs.transition_notices import transition_line
from holdline.desk.marketing.recent import show_recent
from holdline.desk.notices import places, recap, views
from holdline.desk.notices.updatable_notices import redraw_form
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import SEND_IN_DIALOG, DeskVerb, button_data
from holdline.store.conversation import conversation
from holdline.store.dialogs import dialogs
from holdline.store.screens import forms
from holdline.store.tx import Row, Tx

WORDS_LIMIT = 48
"""How much of the unsent words is quoted."""
OVER = "over"
"""The step of a wizard whose customer got a dialog from a colleague; the wizard offers nothing more and takes no title.
"""


def show_new_dialog(tx: Tx, event: Event) -> None:
    """Shows the new dialog in its places: first the end of the dialog that it follows up, then what was sent
    automatically, then what it took up.
    """
    dialog = dialogs.of_event(tx, event)
    messages = conversation.messages_taken_up(tx, dialog.id, after=0)
    for place in places.create_for_dialog(tx, dialog):
        if dialog.follow_up_of is not None:
            before = dialogs.by_id(tx, dialog.follow_up_of)
            recap.show_last(tx, place, before, most=recap.AT_FOLLOW_UP)
        show_recent(tx, place, dialog)
        recap.show_taken_up(tx, place, dialog, messages)


def plan_participant_tasks(tx: Tx, event: Event) -> None:
    """Plans a task for everybody whom the creator added."""
    dialog = dialogs.of_event(tx, event)
    people = {person.telegram_id: person for person in dialog.participants}
    taken_in = [people[telegram_id] for telegram_id in event.data["participants"]]
    tasks.plan_tasks(tx, dialog=dialog, creator=event.actor, managers=taken_in)


def end_offers_to_open(tx: Tx, event: Event) -> None:
    """Ends the open wizards for this customer; they say who opened or resumed a dialog first, with a button to it.

    Who has opened the dialog keeps a second wizard of their own: they may pause that dialog and go on with it.
    """
    active = dialogs.of_event(tx, event)
    line = transition_line(active, event.actor)
    opens = event.kind is EventKind.DIALOG_OPENED
    if opens:
        line["key"] = "desk_notices.opened_by"
    for form in forms.find_wizards(tx, event.customer_id, but_step=OVER):
        if not (opens and event.actor.is_manager(form["manager_id"])):
            forms.set_step(tx, form["id"], OVER)
            unsent = forms.find_kept_by(tx, form)
            lines = [line, *(_unsent_line(kept) for kept in unsent)]
            buttons = [[views.go_to_button(active.id)], *([_send_button(kept, active.id)] for kept in unsent)]
            redraw_form(tx, form, lines, dialog_id=active.id, buttons=buttons)


def _unsent_line(kept: Row) -> views.Line:
    """The line for words that the wizard promised to send with the opening, which did not happen."""
    words = next(
        (stored["text"] for stored in kept["values_json"]["contents"] if stored["text"].strip()), "📎"
    )
    return {"key": "windows.open_unsent", "words": {"text": truncate(" ".join(words.split()), WORDS_LIMIT)}}


def _send_button(kept: Row, dialog_id: int) -> views.Button:
    data = button_data(DeskVerb.PRESS_FORM, kept["id"], SEND_IN_DIALOG, str(dialog_id))
    return {"key": "manager.send_in", "words": {"id": dialog_id}, "data": data}
