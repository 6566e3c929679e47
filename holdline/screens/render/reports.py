"""Reports. The sender computes, draws and writes them, because a large one must not block the desk's only database
writer.
"""

from typing import Any

from holdline.dialogs.outbox.changes import ReportPictureEdit
from holdline.dialogs.outbox.marketing import FunnelPicture, RecipientsFile
from holdline.dialogs.outbox.messages import ReportFile, ReportPicture
from holdline.dialogs.reports.kinds import ReportKind, ReportView
from holdline.dialogs.text.limits import CAPTION_LIMIT
from holdline.dialogs.text.splitting import inline, truncate
from holdline.screens.keyboards import inline_keyboard
from holdline.screens.render.render_context import language_of, render_context_of
from holdline.screens.reports.window import report_rows
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, FileRequest, FunnelPictureRequest, PictureRequest
from holdline.texts import say


def report_file(tx: Tx, item: Row, file: ReportFile) -> Call:
    context = render_context_of(tx, item)
    params = {**context.target(), "caption": truncate(file.caption, CAPTION_LIMIT)}
    order = FileRequest(
        file.filename,
        language=context.language,
        report=file.report,
        days=file.days,
        format=file.format,
        team_id=file.team_id,
        type_id=file.type_id,
    )
    return Call("sendDocument", params, order=order)


def report_picture(tx: Tx, item: Row, picture: ReportPicture) -> Call:
    context = render_context_of(tx, item)
    params = {**context.target(), **_buttons(tx, picture, context.language)}
    return Call("sendPhoto", params, order=_request("photo", picture, context.language))


def funnel_picture(tx: Tx, item: Row, picture: FunnelPicture) -> Call:
    context = render_context_of(tx, item)
    params = {**context.target(), "caption": truncate(inline(picture.name), CAPTION_LIMIT)}
    return Call("sendPhoto", params, order=FunnelPictureRequest(picture.funnel_id, context.language))


def recipients_file(tx: Tx, item: Row, file: RecipientsFile) -> Call:
    context = render_context_of(tx, item)
    caption = say("composing.export_caption", context.language, id=file.broadcast_id)
    name = f"broadcast-{file.broadcast_id}.csv"
    order = FileRequest(name, language=context.language, broadcast_id=file.broadcast_id)
    return Call("sendDocument", {**context.target(), "caption": caption}, order=order)


def report_picture_edit(tx: Tx, item: Row, picture: ReportPictureEdit) -> Call:
    language = language_of(tx, item)
    params = {
        "chat_id": item["chat_id"],
        "message_id": picture.tg_message_id,
        **_buttons(tx, picture, language),
    }
    return Call("editMessageMedia", params, order=_request("media", picture, language))


def _request(field: str, picture: ReportPicture | ReportPictureEdit, language: str) -> PictureRequest:
    return PictureRequest(
        field, picture.report, picture.days, picture.theme, language, picture.team_id, picture.type_id
    )


def _buttons(tx: Tx, picture: ReportPicture | ReportPictureEdit, language: str) -> dict[str, Any]:
    view = ReportView(
        ReportKind(picture.report), picture.days, picture.theme, picture.team_id, picture.type_id
    )
    return {"reply_markup": inline_keyboard(report_rows(tx, view, language))}
