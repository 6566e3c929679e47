"""Links to a dialog: a link to its topic if there is one, otherwise a button that enters it."""

from collections.abc import Iterable
from typing import Any

from holdline.desk.notices import bot_messages
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DialogVerb
from holdline.screens.keyboards import Button, callback_button, topic_url, url_button
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import places
from holdline.store.tx import Tx
from holdline.texts import say


def dialog_url(tx: Tx, dialog_id: int) -> str | None:
    """None if Telegram has not created the topic yet, and for private chats."""
    urls = (topic_url(place["chat_id"], place["thread_id"]) for place in places.of_dialog(tx, dialog_id))
    return next((url for url in urls if url), None)


def dialog_link_button(tx: Tx, dialog_id: int, caption: str) -> Button:
    """`topic_of` lets the sender replace the button by a link once the topic exists."""
    url = dialog_url(tx, dialog_id)
    if url:
        return url_button(caption, url)
    return {**callback_button(caption, DialogVerb.GO_TO, dialog_id), "topic_of": str(dialog_id)}


def with_topic_links(tx: Tx, buttons: Iterable[Iterable[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """The buttons at the time of sending, when the topic that one of them links to may exist."""
    return [[_with_topic_link(tx, button) for button in row] for row in buttons]


def _with_topic_link(tx: Tx, button: dict[str, Any]) -> dict[str, Any]:
    url = dialog_url(tx, int(button["topic_of"])) if "topic_of" in button else None
    return {**button, "url": url} if url else button


def dialog_entry_screen(manager: Manager, dialog: Dialog) -> Screen:
    """What happens to text typed there now, with a button if the dialog cannot receive replies."""
    language = manager.language
    key, rows = "entered" if is_allowed(manager, Act.REPLY) else "entered_drafts", []
    if dialog.state == "closed":
        key, rows = (
            "entered_closed",
            [[callback_button(say("manager.new_dialog", language), DialogVerb.OPEN_ANOTHER, dialog.id)]],
        )
    elif dialog.state == "paused":
        key, rows = (
            "entered_paused",
            [[callback_button(say("manager.resume", language), DialogVerb.RESUME, dialog.id)]],
        )
    return Screen(say(f"manager.{key}", language, id=dialog.id, title=inline(dialog.title)), rows)


def announce_dialog(
    tx: Tx,
    manager: Manager,
    dialog: Dialog,
    *,
    chat_id: int,
    thread_id: int | None,
    cause: str,
    lines: Iterable[str] = (),
) -> None:
    """Queued after the creation of the topic, so it is sent after it (L-22). `lines` are shown below the headline."""
    head = say("windows.opened", manager.language, id=dialog.id, title=inline(dialog.title))
    screen = screen_with_title(head, *lines)
    go = dialog_link_button(tx, dialog.id, say("windows.go", manager.language, id=dialog.id))
    bot_messages.send_bot_message(
        tx,
        chat_id=chat_id,
        thread_id=thread_id,
        said=bot_messages.BotMessage(screen.text, screen.entities, [[go]]),
        key=f"opened:{dialog.id}:{cause}",
        dialog_id=dialog.id,
    )
