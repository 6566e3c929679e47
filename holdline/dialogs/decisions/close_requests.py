"""Who is asked to close a dialog when a manager who may not close it requests it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from holdline.dialogs.closing import CloseRequest, Closing
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager

ASKED_ONCE_IN = timedelta(minutes=10)


def readers_to_ask(
    earlier: Sequence[CloseRequest], may_close: Iterable[Manager], *, at: datetime
) -> tuple[int, ...]:
    """Telegram ids of everybody who may close it, or nobody if somebody was asked recently.

    `earlier` are the dialog's requests, newest first. Requests that asked nobody do not extend the wait.
    """
    last = next((request for request in earlier if request.asked != ()), None)
    if last is not None and last.at > at - ASKED_ONCE_IN:
        return ()
    return tuple(reader.telegram_id for reader in may_close)


def request_close(dialog: Dialog, closing: Closing, *, by: Manager, readers: Sequence[int]) -> Event:
    """The requester's values stay in history until the close, and have no effect before it."""
    data = {**closing.given, "asked": list(readers)}
    return Event(EventKind.CLOSE_REQUESTED, by.as_actor(), dialog.customer_id, dialog.id, data=data)
