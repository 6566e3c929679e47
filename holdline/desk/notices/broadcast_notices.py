"""Notices about broadcasts."""

from holdline.desk.notices.views import Button
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import Broadcast
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.dialogs.verbs import DeskVerb, button_data
from holdline.store.delivery import outbox
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.refusal_reasons import reason_text

EXCERPT = 60


def notify_of_refused_content(tx: Tx, broadcast: Broadcast, *, reason: str) -> None:
    """Notifies the author and the administrators, once for each pause."""
    words = {"id": broadcast.id, "excerpt": _excerpt(broadcast), "reason": reason_text(reason)}
    author = managers.by_id(tx, broadcast.author.manager_id) if broadcast.author.manager_id else None
    readers = {person.telegram_id for person in managers.list_permitted(tx, Act.EDIT_PEOPLE)}
    readers |= {author.telegram_id} if author is not None and author.active else set()
    buttons = [
        [broadcast_button(broadcast.id, "resume"), broadcast_button(broadcast.id, "edit")],
        [broadcast_button(broadcast.id, "show")],
    ]
    notices = [
        Outgoing(
            to=Address(telegram_id),
            item=DeskNotice("broadcasts.paused_refused", words, buttons=buttons, alarm=True),
            key=f"broadcast-refused:{broadcast.id}:{tx.at.timestamp()}:{telegram_id}",
        )
        for telegram_id in sorted(readers)
    ]
    outbox.add(tx, notices)


def broadcast_button(broadcast_id: int, act: str) -> Button:
    """The button for that act; an act with a question mark asks for confirmation first."""
    data = button_data(DeskVerb.MOVE_BROADCAST, broadcast_id, act)
    return {"key": f"composing.button_{act.rstrip('?')}", "data": data}


def _excerpt(broadcast: Broadcast) -> str:
    text = " ".join(broadcast.content.variants[0].words.text.split())
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"
