"""A manager who is named by @name in a note is notified in their own chat, with a button to the dialog."""

from holdline.desk.notices import views
from holdline.dialogs.conversation.mentions import find_mentioned
from holdline.dialogs.event import Event
from holdline.dialogs.text.splitting import truncate
from holdline.store.dialogs import dialogs
from holdline.store.people import managers
from holdline.store.tx import Tx

WORDS_SHOWN = 1500


def notify_mentioned(tx: Tx, event: Event) -> None:
    """Notifies the mentioned managers, but not the note's author or former managers. Skips notes without an @."""
    words = event.text or ""
    if "@" not in words:
        return
    dialog = dialogs.of_event(tx, event)
    for person in find_mentioned(words, managers.list_addressees(tx)):
        if event.actor.is_manager(person.id):
            continue
        head = {"id": dialog.id, "title": dialog.title, "who": event.actor.name}
        views.notify_manager(
            tx,
            person.telegram_id,
            "desk_notices.mentioned",
            head,
            dialog_id=dialog.id,
            more=[{"key": "scheduled.words", "words": {"words": truncate(words, WORDS_SHOWN)}}],
        )
