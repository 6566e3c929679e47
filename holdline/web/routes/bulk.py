"""Changing many dialogs."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.dialogs import bulk as desk
from holdline.web.calls import Read, Write
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.bulk import BulkIn, BulkOut


def bulk_router() -> APIRouter:
    """Bulk jobs are accepted at once and processed dialog by dialog."""
    router = api_router("bulk")

    @writes(router, "POST", "/bulk", shows=BulkOut, status=202)
    async def start_bulk(call: Write, body: BulkIn) -> Response:
        """Starts a job that changes many dialogs, one after another. A dialog that cannot be changed is listed in
        `refused` of the job; the others are changed.
        """
        by = body.manager_telegram_id
        return await call.show_as(BulkOut.of, desk.start_bulk, by=by, status=202, **body.words)

    @reads(router, "/bulk/{job_id}", shows=BulkOut, scopes=("read", "desk"))
    async def read_bulk(call: Read, job_id: PathId) -> Response:
        """Shows the progress of a bulk job, and the dialogs that were not changed."""
        return await call.show(BulkOut.of, desk.bulk_by_id, job_id=job_id)

    return router
