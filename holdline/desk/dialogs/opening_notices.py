"""Where a dialog that was just opened is shown, and who has to come to it."""

from holdline.desk.dialogs import tasks
from holdline.desk.notices import places, recap
from holdline.dialogs.event import Event
from holdline.store.conversation import conversation
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


def show_new_dialog(tx: Tx, event: Event) -> None:
    """Its places begin with the end of the dialog it follows up, then with what it took up from the general chat."""
    dialog = dialogs.of_event(tx, event)
    messages = conversation.messages_taken_up(tx, dialog.id, after=0)
    for place in places.create_for_dialog(tx, dialog):
        if dialog.follow_up_of is not None:
            before = dialogs.by_id(tx, dialog.follow_up_of)
            recap.show_last(tx, place, before, most=recap.AT_FOLLOW_UP)
        recap.show_taken_up(tx, place, dialog, messages)


def plan_team_tasks(tx: Tx, event: Event) -> None:
    """For everybody whom the creator took in."""
    dialog = dialogs.of_event(tx, event)
    people = {person.telegram_id: person for person in dialog.participants}
    team = [people[telegram_id] for telegram_id in event.data["participants"]]
    tasks.plan_tasks(tx, dialog=dialog, creator=event.actor, managers=team)
