"""Files that are generated when they are sent. Rows are read in short transactions and pictures drawn in another
process.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

from holdline.desk.broadcasts.reading import recipients_csv_page
from holdline.desk.funnels.figures import funnel_to_draw
from holdline.desk.reading.customer_history import history_head, history_page
from holdline.desk.reading.figures import make_report
from holdline.desk.reading.reports import COLUMNS, cells_of, dialogs_csv_page, dialogs_report
from holdline.desk.reading.transcripts import transcript_head, transcript_page
from holdline.dialogs.conversation.timeline import TimelineOrder, filter_of
from holdline.dialogs.reports.kinds import ReportKind, ReportQuery
from holdline.screens.dialogs.history_lines import timeline_file_page
from holdline.screens.funnels.pictures.picture import PictureLook, funnel_png
from holdline.screens.privacy.export_file import ExportRequest, write_export
from holdline.screens.reports.captions import caption_of
from holdline.screens.reports.files import EXTRA_MISSING, FILE_THREAD, FileNotMade, make_file
from holdline.screens.reports.made import csv_file, picture, xlsx_file, xlsx_lines
from holdline.store.dialogs.attachments import content_of
from holdline.store.engine import Store
from holdline.telegram.call import Call, FilePage, FileRequest, FunnelPictureRequest, PictureRequest
from holdline.texts import say

_IN_WORDS = {"sendPhoto": "sendMessage", "sendDocument": "sendMessage", "editMessageMedia": "editMessageText"}
_ATTACHED = "picture"
MOST_BYTES = 49 * 1024 * 1024
"""A bot may send a file of at most 50 MB."""


async def attach_file(store: Store, call: Call) -> Call:
    """Returns the call with its file, or with a text if the file cannot be generated."""
    order = call.order
    if order is None:
        return call
    if isinstance(order, PictureRequest):
        return await _attach_picture(store, call, order)
    if isinstance(order, FunnelPictureRequest):
        return await _attach_funnel(store, call, order)
    try:
        content = await _content_of(store, order)
    except FileNotMade as failed:
        return _in_words(call, call.params.get("caption", ""), say(f"web.{failed.reason}", order.language))
    return replace(call, files={**call.files, order.field: (order.name, content)}, order=None)


async def _attach_picture(store: Store, call: Call, order: PictureRequest) -> Call:
    kind, asked = ReportKind(order.report), _query_of(order)
    report = await store.read_heavy(make_report, kind=kind, asked=asked)
    caption = caption_of(report, order.language)
    try:
        drawn = await _make(lambda: picture(report, language=order.language, theme=order.theme))
    except FileNotMade as failed:
        reason = "no_picture" if failed.reason == EXTRA_MISSING else "picture_failed"
        return _in_words(call, caption, say(f"reports.{reason}", order.language))
    file = (f"{order.report}.png", drawn)
    if order.field == "photo":
        return replace(call, params={**call.params, "caption": caption}, files={"photo": file}, order=None)
    media = {"type": "photo", "media": f"attach://{_ATTACHED}", "caption": caption}
    return replace(call, params={**call.params, "media": media}, files={_ATTACHED: file}, order=None)


async def _attach_funnel(store: Store, call: Call, order: FunnelPictureRequest) -> Call:
    drawn = await store.read_heavy(funnel_to_draw, funnel_id=order.funnel_id)
    look = PictureLook(order.language, counts=drawn.counts)
    try:
        content = await _make(lambda: funnel_png(drawn.definition, look))
    except FileNotMade as failed:
        reason = "no_picture" if failed.reason == EXTRA_MISSING else "picture_failed"
        return _in_words(call, call.params["caption"], say(f"reports.{reason}", order.language))
    return replace(call, files={order.field: ("funnel.png", content)}, order=None)


def _in_words(call: Call, *lines: str) -> Call:
    """A text instead of the file, so that the person who asked gets an answer."""
    params = {name: value for name, value in call.params.items() if name != "caption"}
    text = "\n\n".join(line for line in lines if line)
    return replace(call, method=_IN_WORDS[call.method], params={**params, "text": text}, order=None)


async def _content_of(store: Store, order: FileRequest) -> bytes:
    if order.attachment_id is not None:
        return await store.read(content_of, order.attachment_id) or b""
    if order.dialog_id is not None:
        pieces = _conversation(store, order.dialog_id, order)
        return "".join([piece async for piece in pieces]).encode()
    if order.customer_id is not None:
        return await _export(store, order)
    if order.broadcast_id is not None:
        lines = _csv_pieces(store, recipients_csv_page, broadcast_id=order.broadcast_id)
        return "".join([line async for line in lines]).encode()
    kind, asked = ReportKind(order.report), _query_of(order)
    if kind is ReportKind.DIALOGS:
        return await _rows(store, asked, order.format)
    report = await store.read_heavy(make_report, kind=kind, asked=asked)
    return csv_file(report) if order.format == "csv" else await _make(xlsx_file, report)


async def _export(store: Store, order: FileRequest) -> bytes:
    assert order.customer_id is not None
    target = BytesIO()
    asked = ExportRequest(order.customer_id, order.language, order.with_notes)
    await store.read_heavy(write_export, target=target, asked=asked)
    if target.tell() > MOST_BYTES:
        raise FileNotMade("export_too_large")
    return target.getvalue()


def _query_of(order: FileRequest | PictureRequest) -> ReportQuery:
    return ReportQuery(days=order.days, team_id=order.team_id, type_id=order.type_id)


def _conversation(store: Store, dialog_id: int, order: FileRequest) -> AsyncIterator[str]:
    if order.sort is not None:
        return _timeline(store, dialog_id, order)
    if order.until is not None:
        return _history(store, dialog_id, order.language, order.until)
    return _transcript(store, dialog_id=dialog_id, language=order.language, with_notes=order.with_notes)


async def _rows(store: Store, asked: ReportQuery, format_: str) -> bytes:
    """One row per dialog."""
    if format_ == "csv":
        return "".join([piece async for piece in _csv_pieces(store, dialogs_csv_page, asked=asked)]).encode()
    lines, after = xlsx_lines([COLUMNS]), 0
    while rows := await store.read_heavy(dialogs_report, asked=asked, after=after):
        lines += xlsx_lines(map(cells_of, rows))
        after = rows[-1]["id"]
    return await _make(make_file, "xlsx", lines)


async def _make(make: Callable[..., bytes], *args: Any) -> bytes:
    return await asyncio.get_running_loop().run_in_executor(FILE_THREAD, make, *args)


async def _csv_pieces(store: Store, page_of: Callable[..., FilePage], **about: Any) -> AsyncIterator[str]:
    after: int | None = 0
    while after is not None:
        page = await store.read_heavy(page_of, after=after, **about)
        yield page.text
        after = page.last


async def _transcript(store: Store, *, dialog_id: int, language: str, with_notes: bool) -> AsyncIterator[str]:
    of: dict[str, Any] = {"dialog_id": dialog_id, "language": language}
    head = await store.read_heavy(transcript_head, **of)
    yield head.text
    after = head.last
    while after is not None:
        page = await store.read_heavy(transcript_page, after=after, with_notes=with_notes, **of)
        yield page.text
        after = page.last


async def _timeline(store: Store, dialog_id: int, order: FileRequest) -> AsyncIterator[str]:
    narrowed = TimelineOrder(filter_of(order.sort or ""), newest_first=order.newest_first)
    skip: int | None = 0
    while skip is not None:
        page = await store.read_heavy(
            timeline_file_page,
            dialog_id=dialog_id,
            order=narrowed,
            skip=skip,
            reader=(order.language, order.zone),
        )
        yield page.text
        skip = page.last


async def _history(store: Store, dialog_id: int, language: str, until: int) -> AsyncIterator[str]:
    head = await store.read_heavy(history_head, dialog_id=dialog_id, language=language)
    yield head.text
    after = head.last
    while after is not None:
        page = await store.read_heavy(
            history_page, dialog_id=dialog_id, language=language, after=after, until=until
        )
        yield page.text
        after = page.last
