"""The whole conversation as a text file, read right before the call: it may be long, and the writer is one for all."""

from holdline.dialogs.outbox.messages import HistoryFile
from holdline.screens.render.render_context import render_context_of
from holdline.store.dialogs import dialogs
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, FileRequest, Skip
from holdline.texts import say


def transcript(tx: Tx, item: Row) -> Call | Skip:
    """For managers alone: no path leads from here to a customer."""
    context = render_context_of(tx, item)
    dialog = dialogs.by_id(tx, item["dialog_id"])
    caption = say("windows.transcript_caption", context.language, id=dialog.id)
    order = FileRequest(f"dialog-{dialog.id}.txt", dialog.id, context.language)
    return Call("sendDocument", {**context.target(), "caption": caption}, order=order)


def history_file(tx: Tx, item: Row, file: HistoryFile) -> Call | Skip:
    """For the customer: what both have said in the dialog, without notes and without anybody's name of the desk."""
    context = render_context_of(tx, item)
    caption = say("scheduled.history_caption", context.language, id=item["dialog_id"])
    order = FileRequest(
        f"dialog-{item['dialog_id']}.txt", item["dialog_id"], context.language, until=file.last_message_id
    )
    return Call("sendDocument", {**context.target(), "caption": caption}, order=order)
