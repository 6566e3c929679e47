"""Attachments of a dialog: managers add, read and remove them; customers never see them."""

from collections.abc import Iterable
from dataclasses import asdict, replace

from holdline.desk.dialogs.assignment import require_may_take_over
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.address import Address
from holdline.dialogs.decisions.attachments import Attachment, NewFile, file_name, refuse_bad_file
from holdline.dialogs.decisions.transitions import refuse_closed
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.messages import AttachedFile
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act
from holdline.store.delivery import outbox
from holdline.store.dialogs import attachments, dialogs
from holdline.store.tx import Tx

_RECORDED_FIELDS: Iterable[str] = ("id", "name", "mime", "size")


def add_attachment(
    tx: Tx, *, manager: Manager, dialog_id: int, file: NewFile, content: bytes | None = None
) -> Attachment:
    """Adds a file, given as its bytes or as Telegram's file id. Refused in a closed dialog."""
    require_permission(tx, manager, Act.KEEP_FILES)
    dialog = dialogs.load_locked(tx, dialog_id)
    refuse_closed(dialog)
    require_may_take_over(tx, manager, dialog)
    refuse_bad_file(file, already=dialog.attachments)
    file = replace(file, name=file_name(file.name))
    added = attachments.insert(tx, dialog_id, file, manager_id=manager.id, content=content)
    dialogs.set_fields(tx, dialog_id, attachment_count=dialog.attachments + 1)
    _record(tx, EventKind.ATTACHMENT_ADDED, added, manager=manager, customer_id=dialog.customer_id)
    return added


def remove_attachment(tx: Tx, *, manager: Manager, attachment_id: int) -> Attachment:
    """Deletes the attachment with its bytes; history keeps its name."""
    require_permission(tx, manager, Act.KEEP_FILES)
    dialog = dialogs.load_locked(tx, attachment_by_id(tx, attachment_id=attachment_id).dialog_id)
    refuse_closed(dialog)
    require_may_take_over(tx, manager, dialog)
    removed = attachment_by_id(tx, attachment_id=attachment_id)
    attachments.delete(tx, attachment_id)
    dialogs.set_fields(tx, dialog.id, attachment_count=dialog.attachments - 1)
    _record(tx, EventKind.ATTACHMENT_REMOVED, removed, manager=manager, customer_id=dialog.customer_id)
    return removed


def attachments_of(tx: Tx, *, dialog_id: int) -> list[Attachment]:
    """The dialog's attachments, the oldest first; raises NotFound if there is no such dialog."""
    dialogs.by_id(tx, dialog_id)
    return attachments.of_dialog(tx, dialog_id)


def attachment_by_id(tx: Tx, *, attachment_id: int) -> Attachment:
    attachment = attachments.by_id(tx, attachment_id)
    if attachment is None:
        raise NotFound("attachment", attachment_id)
    return attachment


def attachment_with_content(tx: Tx, *, attachment_id: int) -> tuple[Attachment, bytes | None]:
    """The attachment and its bytes, or None instead of the bytes while only Telegram has them."""
    return attachment_by_id(tx, attachment_id=attachment_id), attachments.content_of(tx, attachment_id)


def offer_attachment(
    tx: Tx, attachment: Attachment, *, chat_id: int, thread_id: int | None, key: str
) -> None:
    """Sends the attachment to a chat of the desk; its bytes are read when it is sent."""
    said = Outgoing(
        to=Address(chat_id, thread_id),
        item=AttachedFile(attachment.id),
        key=f"attachment:{attachment.id}:{key}",
        dialog_id=attachment.dialog_id,
    )
    outbox.add(tx, [said])


def _record(tx: Tx, kind: EventKind, attachment: Attachment, *, manager: Manager, customer_id: int) -> None:
    fields = asdict(attachment)
    data = {name: fields[name] for name in _RECORDED_FIELDS}
    record(
        tx,
        [Event(kind, manager.as_actor(), customer_id, attachment.dialog_id, text=attachment.name, data=data)],
    )
