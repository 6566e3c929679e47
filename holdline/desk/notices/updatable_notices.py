"""Notices that can be updated later, when the state that they describe changes."""

import secrets
from typing import Any

from holdline.desk.notices.views import Buttons, Line
from holdline.dialogs.address import Address
from holdline.dialogs.outbox.changes import DeskNoticeEdit
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import outbox
from holdline.store.people import managers
from holdline.store.screens import form_messages, outbox_by_key
from holdline.store.tx import Row, Tx


def send_notice(
    tx: Tx, lines: list[Line], *, chat_id: int, said_as: str, dialog_id: int, buttons: Buttons
) -> None:
    """Sends these lines under a key by which they can be updated later."""
    outbox.add(tx, [_chat_item(chat_id, DeskNotice(**_fields(lines, buttons)), said_as, dialog_id)])


def redraw_notice(
    tx: Tx,
    lines: list[Line],
    *,
    chat_id: int,
    said_as: str,
    dialog_id: int | None,
    buttons: Buttons | None = None,
    language: str | None = None,
) -> None:
    """Replaces the notice sent under that key; one that still waits never shows the old lines."""
    now = {**_fields(lines, buttons or []), "language": language}
    if not outbox_by_key.replace_item(tx, said_as, DeskNotice(**now)):
        key = f"anew:{said_as}:{secrets.token_hex(6)}"
        outbox.add(tx, [_chat_item(chat_id, DeskNoticeEdit(said_as, **now), key, dialog_id)])


def redraw_form(
    tx: Tx, form: Row, lines: list[Line], *, dialog_id: int, buttons: Buttons | None = None
) -> None:
    """Replaces the message of an open form by these lines, in the language of its manager; `form`: id, manager_id and
    chat_id.
    """
    manager = managers.by_id(tx, form["manager_id"])
    redraw_notice(
        tx,
        lines,
        chat_id=form["chat_id"],
        said_as=form_messages.key_of(form["id"]),
        dialog_id=dialog_id,
        buttons=buttons,
        language=manager.language if manager is not None else None,
    )


def _fields(lines: list[Line], buttons: Buttons) -> dict[str, Any]:
    first, *more = lines
    return {**first, "more": more, "buttons": buttons}


def _chat_item(
    chat_id: int, notice: DeskNotice | DeskNoticeEdit, key: str, dialog_id: int | None
) -> Outgoing:
    return Outgoing(Address(chat_id), notice, key, dialog_id=dialog_id)
