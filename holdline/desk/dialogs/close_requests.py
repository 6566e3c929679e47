"""Requests to close a dialog: managers who may close it get a message, which is updated when the request changes."""

from typing import Any

from holdline.desk.notices import views
from holdline.desk.notices.updatable_notices import redraw_form, redraw_notice, send_notice
from holdline.desk.record import record
from holdline.dialogs.closing import CloseRequest, Closing
from holdline.dialogs.decisions import close_requests as rules
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor, Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.dialogs import dialogs, history
from holdline.store.people import managers
from holdline.store.screens import forms
from holdline.store.tx import Row, Tx

QUOTE_LIMIT = 500
_EXPLAINED = ("reason", "comment", "root_cause")


def request_for(tx: Tx, dialog_id: int, request_id: int | None) -> CloseRequest | None:
    """The request with that number; the newest for None; no request for 0."""
    requests = _requests(tx, dialog_id)
    if request_id is None:
        return requests[0] if requests else None
    return next((request for request in requests if request.id == request_id), None)


def ask_for_close(tx: Tx, manager: Manager, dialog: Dialog, closing: Closing) -> None:
    """Stores the score and the comments of the manager who handled the dialog in the request; they take effect only at
    the close. If asked again soon, or by two managers at once, those who may close get no second message: the first
    one is updated.
    """
    may_close = managers.list_permitted(tx, Act.CLOSE_DIALOG)
    readers = rules.readers_to_ask(_requests(tx, dialog.id), may_close, at=tx.at)
    record(tx, [rules.request_close(dialog, closing, by=manager, readers=readers)])


def notify_of_close_request(tx: Tx, event: Event) -> None:
    """Sends the request to those who are asked; if nobody is asked again, updates the earlier messages instead."""
    dialog, newest = dialogs.of_event(tx, event), request_for(tx, event.dialog_id or 0, None)
    assert newest is not None
    lines, buttons = _request_view(dialog, newest)
    for telegram_id in newest.asked or ():
        said_as = _key(newest.id, telegram_id)
        send_notice(tx, lines, chat_id=telegram_id, said_as=said_as, dialog_id=dialog.id, buttons=buttons)
    for telegram_id, said_as in _messages(tx, dialog.id) if not newest.asked else ():
        redraw_notice(tx, lines, chat_id=telegram_id, said_as=said_as, dialog_id=dialog.id, buttons=buttons)


def end_close_offers(tx: Tx, dialog: Dialog, *, by: Actor, moved: list[views.Line]) -> None:
    """After a move: removes the buttons from request messages and from other managers' open close forms, which then say
    who moved the dialog. A close also ends the mover's own forms; after a pause the mover's own form stays.
    """
    newest = request_for(tx, dialog.id, None)
    lines = [*_request_view(dialog, newest)[0], *moved] if newest is not None else moved
    for telegram_id, said_as in _messages(tx, dialog.id):
        redraw_notice(tx, lines, chat_id=telegram_id, said_as=said_as, dialog_id=dialog.id)
    for form in forms.lock_forms_of_dialog(tx, "close", dialog.id):
        if dialog.state == "closed" or by.kind != "manager" or form["manager_id"] != by.id:
            forms.finish(tx, form["id"])
            redraw_form(tx, form, moved, dialog_id=dialog.id)


def _lines_of(given_fields: dict[str, Any]) -> list[views.Line]:
    """Lines for the score, the reason, the comment and the root cause, those that were given."""
    values = {"score": "⭐" * (given_fields.get("customer_score") or 0)}
    values |= {
        name: inline(truncate(" ".join(given_fields[name].split()), QUOTE_LIMIT))
        for name in _EXPLAINED
        if given_fields.get(name)
    }
    return [
        {"key": f"windows.line_{name}", "words": {"value": value}} for name, value in values.items() if value
    ]


def _request_view(dialog: Dialog, request: CloseRequest) -> tuple[list[views.Line], views.Buttons]:
    """The lines and buttons of a request's message."""
    words = {"id": dialog.id, "title": dialog.title, "who": request.by.name}
    asks = {"key": "desk_notices.close_requested", "words": words}
    close = {"key": "desk_notices.close_button", "data": button_data(DialogVerb.CLOSE, dialog.id)}
    return [asks, *_lines_of(request.told)], [[close], [views.go_to_button(dialog.id)]]


def _messages(tx: Tx, dialog_id: int) -> list[tuple[int, str]]:
    """The messages that ask for the close: the chat and the outbox key of each."""
    return [
        (telegram_id, _key(request.id, telegram_id))
        for request in _requests(tx, dialog_id)
        for telegram_id in request.asked or ()
    ]


def _key(request_id: int, telegram_id: int) -> str:
    return f"close_request:{request_id}:{telegram_id}"


def _requests(tx: Tx, dialog_id: int) -> list[CloseRequest]:
    return [_request(row) for row in history.close_requests(tx, dialog_id)]


def _request(row: Row) -> CloseRequest:
    data = row["data_json"]
    by = Actor(row["actor_kind"], row["actor_name"], row["actor_id"], row["actor_telegram_id"])
    asked = data.get("asked")
    return CloseRequest(
        row["id"], by, data, at=row["created_at"], asked=tuple(asked) if asked is not None else None
    )
