"""Files of a dialog: transcript, timeline, history, attachments. They are read right before the call, because they may
be long and all share one database writer.
"""

from holdline.dialogs.outbox.messages import AttachedFile, HistoryFile, TimelineFile, TranscriptFile
from holdline.dialogs.outbox.privacy import CustomerExport
from holdline.screens.privacy.export_file import ExportRequest
from holdline.screens.render.render_context import render_context_of
from holdline.screens.render.send_calls import BY_FILE
from holdline.store.dialogs import attachments, dialogs
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, FileRequest, Skip
from holdline.texts import say


def transcript(tx: Tx, item: Row, file: TranscriptFile) -> Call | Skip:
    """For managers only. It is never sent to a customer."""
    context = render_context_of(tx, item)
    dialog = dialogs.by_id(tx, item["dialog_id"])
    caption = say("windows.transcript_caption", context.language, id=dialog.id)
    name = f"dialog-{dialog.id}.txt"
    order = FileRequest(name, dialog.id, context.language, with_notes=file.with_notes)
    return Call("sendDocument", {**context.target(), "caption": caption}, order=order)


def timeline_file(tx: Tx, item: Row, file: TimelineFile) -> Call | Skip:
    """For managers only, in the order and filter of their screen."""
    context, dialog = render_context_of(tx, item), dialogs.by_id(tx, item["dialog_id"])
    caption = say(
        "timeline.caption", file.language, id=dialog.id, sort=say(f"timeline.{file.sort}", file.language)
    )
    order = FileRequest(
        f"history-{dialog.id}.txt",
        dialog.id,
        file.language,
        sort=file.sort,
        zone=file.zone,
        newest_first=file.newest_first,
    )
    return Call("sendDocument", {**context.target(), "caption": caption}, order=order)


def history_file(tx: Tx, item: Row, file: HistoryFile) -> Call | Skip:
    """For the customer: the messages of both sides in the dialog, without notes and without managers' names."""
    context = render_context_of(tx, item)
    caption = say("scheduled.history_caption", context.language, id=item["dialog_id"])
    order = FileRequest(
        f"dialog-{item['dialog_id']}.txt", item["dialog_id"], context.language, until=file.last_message_id
    )
    return Call("sendDocument", {**context.target(), "caption": caption}, order=order)


def file_of_dialog(tx: Tx, item: Row, which: AttachedFile) -> Call | Skip:
    """By its Telegram file id, or else by its bytes."""
    context, file = render_context_of(tx, item), attachments.by_id(tx, which.attachment_id)
    if file is None:
        return Skip("the file was removed")
    if file.file_id is not None:
        return Call(BY_FILE[file.kind], {**context.target(), file.kind: file.file_id})
    return Call(
        "sendDocument",
        context.target(),
        order=FileRequest(file.name, item["dialog_id"], attachment_id=file.id),
    )


def customer_export(tx: Tx, item: Row, file: CustomerExport) -> Call:
    """For a manager only, in their own chat."""
    context = render_context_of(tx, item)
    asked = ExportRequest(file.about, context.language, file.with_notes)
    caption = "privacy.export_caption_notes" if file.with_notes else "privacy.export_caption"
    order = FileRequest(
        asked.file_name, language=context.language, customer_id=file.about, with_notes=file.with_notes
    )
    return Call(
        "sendDocument",
        {**context.target(), "caption": say(caption, context.language, id=file.about)},
        order=order,
    )
