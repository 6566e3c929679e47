"""Everything about one customer as a file."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from holdline.screens.privacy.export_file import ExportRequest, write_export
from holdline.web.calls import Read
from holdline.web.errors import language_of
from holdline.web.guard import needs
from holdline.web.routes import PathId, api_router
from holdline.web.schemas.refusals import READING, Responses

_ZIP_FILE: Responses = {
    **READING,
    200: {
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The file.",
    },
}
_IN_MEMORY = 4 * 1024 * 1024
_CHUNK = 256 * 1024


def personal_data_router() -> APIRouter:
    router = api_router("personal data")

    @router.get(
        "/customers/{customer_id}/export",
        response_class=Response,
        responses=_ZIP_FILE,
        openapi_extra=needs("admin"),
    )
    async def export_customer(
        request: Request, call: Read, customer_id: PathId, notes: bool = False
    ) -> Response:
        """Downloads everything stored about the customer as a ZIP, without the names of managers. Read it before you
        give it to the customer. `notes` adds managers' notes and drafts.
        """
        asked = ExportRequest(customer_id, language_of(request), notes)
        file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it is sent
        try:
            await call.read_much(write_export, target=file, asked=asked)
        except BaseException:
            file.close()
            raise
        headers = {
            "Content-Disposition": f'attachment; filename="{asked.file_name}"',
            "Content-Length": str(file.tell()),
        }
        return StreamingResponse(_chunks(file), media_type="application/zip", headers=headers)

    return router


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk
