"""Reports as files, for spreadsheets."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from holdline.desk.reading.reports import dialogs_csv_page
from holdline.dialogs.refusal import Throttled
from holdline.store.engine import Store
from holdline.telegram.call import FilePage
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
MOST_WAITING = 8
"""Readers of much that wait for their turn; whoever asks for a report then is told to come again."""
RETRY_SECONDS = 10
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
        if call.store.heavy_reads_waiting >= MOST_WAITING:
            raise Throttled(RETRY_SECONDS)
        first = await call.store.read_heavy(dialogs_csv_page, from_at=from_, to_at=to)
        lines = _lines(call.store, first, from_at=from_, to_at=to)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=_NAMED)

    return router


async def _lines(
    store: Store, page: FilePage, *, from_at: datetime | None, to_at: datetime | None
) -> AsyncIterator[str]:
    """A page at a time, so that other callers have their turn between two of them."""
    yield page.text
    while page.last is not None:
        page = await store.read_heavy(dialogs_csv_page, from_at=from_at, to_at=to_at, after=page.last)
        yield page.text
