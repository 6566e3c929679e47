"""Reports as files, for spreadsheets."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from holdline.desk.reports import csv_of, dialogs_report
from holdline.web.calls import Read
from holdline.web.guard import needs
from holdline.web.routes import api_router
from holdline.web.schemas.fields import Day
from holdline.web.schemas.refusals import READING, Responses

From = Annotated[Day | None, Query(alias="from", description="Opened at this time or later.")]
To = Annotated[Day | None, Query(description="Opened before this time.")]
_CSV: Responses = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "One row per dialog."}
}
_NAMED = {"Content-Disposition": 'attachment; filename="dialogs.csv"'}


def reports_router() -> APIRouter:
    """Reading, so it changes nothing."""
    router = api_router("reports")

    @router.get(
        "/reports/dialogs.csv",
        response_class=Response,
        responses={**READING, **_CSV},
        openapi_extra=needs("read"),
    )
    async def dialogs_csv(call: Read, from_: From = None, to: To = None) -> Response:
        """One row per dialog with both ratings; a missing rating is an empty cell."""
        rows = await call.store.read(dialogs_report, from_at=from_, to_at=to)
        return Response(csv_of(rows), media_type="text/csv; charset=utf-8", headers=_NAMED)

    return router
