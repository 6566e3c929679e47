"""Everything about one customer as a file."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from holdline.desk.privacy.asking import ask_to_erase
from holdline.desk.privacy.figures import ErasureProgress, erasure_progress
from holdline.screens.privacy.export_file import ExportRequest, write_export
from holdline.store.tx import Tx
from holdline.web.calls import Read, Write
from holdline.web.errors import language_of
from holdline.web.guard import needs
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.erasures import ErasureIn, ErasureOut
from holdline.web.schemas.refusals import READING, Responses

_ZIP_FILE: Responses = {
    **READING,
    200: {
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The file.",
    },
}
WithNotes = Annotated[
    bool,
    Query(
        description="true: adds managers' notes, drafts and close comments, which are not for the customer."
    ),
]
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
        request: Request, call: Read, customer_id: PathId, notes: WithNotes = False
    ) -> Response:
        """Downloads everything stored about the customer as a ZIP file, without the names of managers. Read it before
        you give it to the customer.
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

    _add_erasing(router)
    return router


def _add_erasing(router: APIRouter) -> None:
    @writes(router, "POST", "/customers/{customer_id}/erase", shows=ErasureOut, scope="admin", status=202)
    async def erase_customer(call: Write, customer_id: PathId, body: ErasureIn) -> Response:
        """Starts to erase everything that says who the customer is and what they wrote. This cannot be undone. A second
        call returns the same job.
        """
        words: dict[str, Any] = {"actor": call.key.as_actor(), "keeps_copies": body.keep_copies}
        return await call.show(ErasureOut.of, _erase, status=202, customer_id=customer_id, **words)

    @reads(router, "/erasures/{erasure_id}", shows=ErasureOut, scopes=("admin",))
    async def read_erasure(call: Read, erasure_id: PathId) -> Response:
        """Shows the progress of an erasure."""
        return await call.show(ErasureOut.of, erasure_progress, erasure_id=erasure_id)


def _erase(tx: Tx, *, customer_id: int, **words: Any) -> ErasureProgress:
    erasure = ask_to_erase(tx, customer_id=customer_id, **words)
    return erasure_progress(tx, erasure_id=erasure.id)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk
