"""Reports as JSON, spreadsheet files and pictures."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from holdline.desk.reading.figures import make_report
from holdline.desk.reading.reports import COLUMNS, cells_of, dialogs_csv_page, dialogs_report
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.reports.kinds import ReportKind, ReportQuery
from holdline.screens.reports.files import FILE_THREAD, FileNotMade, make_file
from holdline.screens.reports.made import MEDIA_TYPES, csv_file, picture, xlsx_file, xlsx_lines
from holdline.web.calls import Read
from holdline.web.errors import RETRY_AFTER_SECONDS, HttpRefusal, language_of
from holdline.web.guard import needs
from holdline.web.routes import api_router, reads
from holdline.web.routes.dialogs import Label, OfTeam
from holdline.web.schemas.fields import Day
from holdline.web.schemas.refusals import READING, Responses
from holdline.web.schemas.reports import SHAPES, TimesOut

_SINCE = (
    "The start of the period: a time, or a day in UTC; without it, everything so far. Tags and the rows of dialogs "
    "belong to the time at which the dialog was opened, other figures to their own time."
)
From = Annotated[Day | None, Query(alias="from", description=_SINCE)]
To = Annotated[
    Day | None,
    Query(description="The end of the period, not included; without it, the end of today."),
]
Counted = Annotated[
    Literal["calendar", "working"],
    Query(
        description="How durations are counted: all time (`calendar`), or only working time (`working`) by the "
        "calendar of the SLA policy, or by the desk's hours if there is none."
    ),
]
Theme = Annotated[Literal["light", "dark"], Query(description="The colours of the picture.")]


OfType = Annotated[Label, Query(description="Only dialogs of this type.")]


async def _query(from_: From = None, to: To = None, team: OfTeam = None, type: OfType = None) -> ReportQuery:
    return ReportQuery(from_, to, team, type)


Asked = Annotated[ReportQuery, Depends(_query)]


_FIGURES = {
    ReportKind.DIALOGS: "Counts the dialogs that were opened, closed, active, paused and overdue in a period.",
    ReportKind.SATISFACTION: "Counts customers' ratings of the desk, and managers' scores of customers, in a period.",
    ReportKind.SLA: "Counts the time limits of SLA policies that were met and missed in a period.",
    ReportKind.GATE: "Counts the marketing messages that waited for dialogs in a period, and automatic answers.",
    ReportKind.MANAGERS: "Counts the replies and closed dialogs of each manager in a period.",
    ReportKind.TAGS: "Counts the dialogs of each tag that were opened in a period.",
    ReportKind.OUTCOMES: "Counts the dialogs that were closed in a period, by reason and outcome.",
}


def reports_router() -> APIRouter:
    """Reports change nothing."""
    router = api_router("reports")
    _add_times(router)
    for kind in ReportKind:
        if kind is not ReportKind.TIMES:
            _add_figures(router, kind)
        _add_picture(router, kind)
        if kind is not ReportKind.DIALOGS:
            _add_tables(router, kind)
    _add_rows(router)
    return router


def _add_figures(router: APIRouter, kind: ReportKind) -> None:
    shape = SHAPES[kind]

    @reads(router, f"/reports/{kind}", shows=shape, says=_FIGURES[kind])
    async def report_figures(call: Read, asked: Asked) -> Response:
        report = await call.read_much(make_report, kind=kind, asked=asked)
        shown = shape.model_validate(report.figures)
        return Response(shown.model_dump_json(), media_type="application/json")


def _add_times(router: APIRouter) -> None:
    @reads(router, f"/reports/{ReportKind.TIMES}", shows=TimesOut)
    async def report_times(call: Read, asked: Asked, time: Counted = "calendar") -> Response:
        """Counts how fast customers were answered and helped in a period. Durations are in seconds."""
        report = await call.read_much(make_report, kind=ReportKind.TIMES, asked=asked)
        if time == "working" and report.working is None:
            raise BadInput("time", "reports.mend_calendar")
        shown = TimesOut.model_validate(report.working if time == "working" else report.figures)
        return Response(shown.model_dump_json(), media_type="application/json")


def _add_tables(router: APIRouter, kind: ReportKind) -> None:
    @_sends_file(router, kind, "csv")
    async def report_csv(call: Read, asked: Asked) -> Response:
        """Downloads the figures of a report as a CSV file."""
        report = await call.read_much(make_report, kind=kind, asked=asked)
        return _file(csv_file(report), kind, "csv")

    @_sends_file(router, kind, "xlsx")
    async def report_xlsx(call: Read, asked: Asked) -> Response:
        """Downloads the figures of a report as an Excel workbook."""
        report = await call.read_much(make_report, kind=kind, asked=asked)
        return _file(await make_in_file_thread(xlsx_file, report), kind, "xlsx")


def _add_picture(router: APIRouter, kind: ReportKind) -> None:
    @_sends_file(router, kind, "png")
    async def report_png(request: Request, call: Read, asked: Asked, theme: Theme = "light") -> Response:
        """Draws a report as a PNG picture for a phone, in the language of Accept-Language."""
        report = await call.read_much(make_report, kind=kind, asked=asked)
        language = language_of(request)
        made = await make_in_file_thread(lambda: picture(report, language=language, theme=theme))
        return _file(made, kind, "png")


def _add_rows(router: APIRouter) -> None:
    """Files with one row per dialog."""
    kind = ReportKind.DIALOGS

    @_sends_file(router, kind, "csv")
    async def dialogs_csv(call: Read, asked: Asked) -> Response:
        """Downloads one row for each dialog, with both ratings, as a CSV file. A missing rating is an empty cell."""
        first = await call.read_much(dialogs_csv_page, asked=asked)
        lines = call.stream(first, dialogs_csv_page, asked=asked)
        return StreamingResponse(lines, media_type=MEDIA_TYPES["csv"], headers=_headers(kind, "csv"))

    @_sends_file(router, kind, "xlsx")
    async def dialogs_xlsx(call: Read, asked: Asked) -> Response:
        """Downloads one row for each dialog, with both ratings, as an Excel workbook."""
        lines, after = xlsx_lines([COLUMNS]), 0
        while rows := await call.read_much(dialogs_report, asked=asked, after=after):
            lines += xlsx_lines(map(cells_of, rows))
            after = rows[-1]["id"]
        return _file(await make_in_file_thread(make_file, "xlsx", lines), kind, "xlsx")


def _sends_file(router: APIRouter, kind: ReportKind, format_: str) -> Callable[..., Any]:
    schema = {"type": "string"} if format_ == "csv" else {"type": "string", "format": "binary"}
    content = {MEDIA_TYPES[format_].partition(";")[0]: {"schema": schema}}
    responses: Responses = {**READING, 200: {"content": content, "description": "The file."}}
    return router.get(
        f"/reports/{kind}.{format_}",
        response_class=Response,
        responses=responses,
        openapi_extra=needs("read"),
    )


def _file(content: bytes, kind: ReportKind, format_: str) -> Response:
    return Response(content, media_type=MEDIA_TYPES[format_], headers=_headers(kind, format_))


def _headers(kind: ReportKind, format_: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{kind}.{format_}"'}


async def make_in_file_thread(make: Callable[..., bytes], *args: Any) -> bytes:
    """Runs the function in a thread. Raises 503 with an explanation if the extra is not installed."""
    try:
        return await asyncio.get_running_loop().run_in_executor(FILE_THREAD, make, *args)
    except FileNotMade as failed:
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        raise HttpRefusal(503, "unavailable", text=failed.reason, headers=headers) from failed
