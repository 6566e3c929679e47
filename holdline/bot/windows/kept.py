"""A message that was refused in its dialog, kept so that one tap can send that very one.

In the general chat, or in the dialog once it is resumed.
"""

from dataclasses import asdict
from typing import Any

from holdline.bot.keyboards import Button, Rows
from holdline.bot.windows.form import Form, ended
from holdline.bot.windows.window import Window
from holdline.desk.replies import Origin, write_in_dialog, write_in_general
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.store.album_parts import signed
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "kept"
IN_GENERAL = "general"
_IN_DIALOG = "dialog"


def window(tx: Tx, form: Form, manager: Manager) -> Window:
    return Window(say("windows.kept", manager.language))


def pressed(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Window:
    """Once: a second press finds the form finished."""
    dialog_id = form.values["meaning"]["dialog_id"] if action == _IN_DIALOG else None
    for stored in form.values["contents"]:
        _send(tx, form, manager, content_of(stored), dialog_id=dialog_id)
    if dialog_id is None:
        return ended(form, say("windows.sent_general", manager.language))
    return ended(form, say("windows.sent_dialog", manager.language, id=dialog_id))


def sendable(shown: Rows, language: str) -> Rows:
    """Under a refusal whose dialog is active again: its kept message can go there now."""
    kept = next((button for row in shown for button in row if _keeps(button)), None)
    if kept is None:
        return []
    data = kept["data"].rpartition(":")[0]
    return [[{"text": say("manager.send_now", language), "data": f"{data}:{_IN_DIALOG}"}]]


def _keeps(button: Button) -> bool:
    verb, *_, action = button.get("data", "").split(":")
    return verb == "form" and action == IN_GENERAL


def _send(tx: Tx, form: Form, manager: Manager, content: Content, *, dialog_id: int | None) -> None:
    assert content.chat_id is not None and content.tg_message_id is not None
    origin = Origin(content.chat_id, content.tg_message_id, content.thread_id)
    if dialog_id is not None:
        write_in_dialog(tx, manager=manager, dialog_id=dialog_id, content=content, origin=origin)
        return
    customer_id = form.values["customer_id"]
    write_in_general(tx, manager=manager, customer_id=customer_id, content=content, origin=origin)


def keep_content(form: Form, content: Content) -> None:
    """One more part; the mark finds the form again for the next one."""
    if content.chat_id is not None and content.album_id is not None:
        form.values["album"] = signed(content.chat_id, content.album_id)
    form.values["contents"].append(asdict(content))


def typed(tx: Tx, form: Form, manager: Manager, content: Content) -> Window:
    return window(tx, form, manager)


def content_of(stored: dict[str, Any]) -> Content:
    """JSON has no tuples."""
    return Content(**{**stored, "entities": tuple(stored["entities"])})
