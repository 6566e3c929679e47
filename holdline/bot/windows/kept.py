"""A message that was refused in its dialog, kept so that “Write in general” can send that very one."""

from dataclasses import asdict
from typing import Any

from holdline.bot.windows.form import Form, ended
from holdline.bot.windows.window import Window
from holdline.desk.replies import Origin, write_in_general
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.store.album_parts import signed
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "kept"


def window(tx: Tx, form: Form, manager: Manager) -> Window:
    return Window(say("windows.kept", manager.language))


def pressed(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Window:
    """Once: a second press finds the form finished."""
    for stored in form.values["contents"]:
        content = content_of(stored)
        assert content.chat_id is not None and content.tg_message_id is not None
        write_in_general(
            tx,
            manager=manager,
            customer_id=form.values["customer_id"],
            content=content,
            origin=Origin(content.chat_id, content.tg_message_id, content.thread_id),
        )
    return ended(form, say("windows.sent_general", manager.language))


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
