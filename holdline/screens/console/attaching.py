"""Attachments of a dialog in Telegram: added with /attach, listed by the card's button, fetched by a tap."""

from holdline.desk.dialogs.attachments import (
    add_attachment,
    attachment_by_id,
    attachments_of,
    offer_attachment,
    remove_attachment,
)
from holdline.dialogs.decisions.attachments import NewFile
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DialogVerb
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.command_context import CommandContext, CommandResult
from holdline.screens.console.reply_position import show
from holdline.screens.keyboards import ButtonRows, callback_button
from holdline.screens.screen import Screen, UiResponse
from holdline.store.tx import Tx
from holdline.texts import say

_MIME = {
    "photo": ("photo.jpg", "image/jpeg"),
    "video": ("video.mp4", "video/mp4"),
    "animation": ("animation.mp4", "video/mp4"),
    "video_note": ("video.mp4", "video/mp4"),
    "audio": ("audio.mp3", "audio/mpeg"),
    "voice": ("voice.ogg", "audio/ogg"),
    "document": ("file", "application/octet-stream"),
}
"""The name and type of a file of that kind if Telegram gives none."""


def attach(tx: Tx, order: CommandContext) -> CommandResult:
    """Adds the file whose caption is /attach, and the other files of its album."""
    dialog_id = order.dialog_id
    added = add_attachment(tx, manager=order.manager, dialog_id=dialog_id, file=_file_of(order.content))
    for part in order.others:
        add_attachment(tx, manager=order.manager, dialog_id=dialog_id, file=_file_of(part))
    return Screen(
        say("attach.done", order.language, id=dialog_id, name=inline(added.name)),
        [[callback_button(say("attach.button", order.language), DialogVerb.LIST_ATTACHMENTS, dialog_id)]],
    )


def list_attachments(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    show(tx, pressed.spot, _list_screen(tx, manager, pressed.number()), dialog_id=pressed.number())
    return UiResponse()


def fetch_attachment(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Sends the file to where it was asked for."""
    attachment, spot = attachment_by_id(tx, attachment_id=pressed.number()), pressed.spot
    offer_attachment(tx, attachment, chat_id=spot.chat_id, thread_id=spot.thread_id, key=spot.cause)
    return UiResponse(say("manager.file_follows", manager.language))


def ask_to_remove(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Removing deletes the bytes, so it needs two taps."""
    file, language = attachment_by_id(tx, attachment_id=pressed.number()), manager.language
    sure = callback_button(say("windows.delete_yes", language), DialogVerb.REMOVE_ATTACHMENT, file.id)
    keep = callback_button(say("windows.keep", language), DialogVerb.KEEP_ATTACHMENTS, file.dialog_id)
    return UiResponse(
        window=Screen(say("attach.ask_remove", language, name=inline(file.name)), [[sure, keep]])
    )


def remove(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    file = remove_attachment(tx, manager=manager, attachment_id=pressed.number())
    return UiResponse(window=_list_screen(tx, manager, file.dialog_id))


def keep_attachments(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    return UiResponse(window=_list_screen(tx, manager, pressed.number()))


def _list_screen(tx: Tx, manager: Manager, dialog_id: int) -> Screen:
    """Each file with ⬇️ and 🗑."""
    language, files = manager.language, attachments_of(tx, dialog_id=dialog_id)
    head = say("attach.list" if files else "attach.none", language, id=dialog_id)
    lines = [f"📎 {inline(file.name)} · {inline(file.author)}" for file in files]
    rows: ButtonRows = [
        [
            callback_button(f"⬇️ {file.name}", DialogVerb.FETCH_ATTACHMENT, file.id),
            callback_button("🗑", DialogVerb.ASK_TO_REMOVE_ATTACHMENT, file.id),
        ]
        for file in files
    ]
    return Screen("\n".join([head, *lines]), rows)


def _file_of(content: Content) -> NewFile:
    file_id = content.data.get("file_id")
    if content.kind not in _MIME or not file_id:
        raise BadInput("/attach", "attach.no_file")
    name, mime = _MIME[content.kind]
    return NewFile(
        content.data.get("file_name") or name,
        content.data.get("mime_type") or mime,
        int(content.data.get("file_size") or 0),
        content.kind,
        str(file_id),
    )
