"""Messages of ours that the desk has before it: when what they speak of moves on, they say so."""

import secrets
from dataclasses import replace
from typing import Any

from holdline.desk.notices.views import Buttons, Line
from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import outbox
from holdline.store.screens import outbox_by_key
from holdline.store.tx import Tx


def send_notice(
    tx: Tx, lines: list[Line], *, chat_id: int, said_as: str, dialog_id: int, buttons: Buttons
) -> None:
    """These lines, under a key by which they can be drawn anew later."""
    outbox.add(tx, [_notice("desk_notice", chat_id, said_as, dialog_id, _payload(lines, buttons))])


def redraw_notice(
    tx: Tx, lines: list[Line], *, chat_id: int, said_as: str, dialog_id: int, buttons: Buttons | None = None
) -> None:
    """What was said under that key says these lines from now on; one that still waits never says the old ones."""
    payload = _payload(lines, buttons or [])
    if not outbox_by_key.change_payload(tx, said_as, payload):
        key = f"anew:{said_as}:{secrets.token_hex(6)}"
        payload |= {"said_as": said_as}
        outbox.add(tx, [replace(_notice("desk_notice_edit", chat_id, key, dialog_id, payload), rank=2)])


def _payload(lines: list[Line], buttons: Buttons) -> dict[str, Any]:
    first, *more = lines
    return {**first, "more": more, "buttons": buttons}


def _notice(kind: str, chat_id: int, key: str, dialog_id: int, payload: dict[str, Any]) -> Outgoing:
    return Outgoing(
        chat_id=chat_id,
        kind=kind,
        class_=MessageClass.DESK,
        audience=Audience.DESK,
        key=key,
        payload=payload,
        dialog_id=dialog_id,
    )
