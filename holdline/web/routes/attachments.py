"""Files that belong to a dialog."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.dialogs import attachments as desk
from holdline.dialogs.decisions.attachments import NewFile
from holdline.web.calls import Read, Write
from holdline.web.errors import RETRY_AFTER_SECONDS, HttpRefusal
from holdline.web.guard import needs
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.attachments import AttachmentOut, AttachmentsOut
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.lists import DeletedOut
from holdline.web.schemas.refusals import READING, WRITING, Responses
from holdline.web.uploads import Upload

_FORM = {
    "type": "object",
    "required": ["file", "manager_telegram_id"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "The file, with its name."},
        "manager_telegram_id": {
            "type": "integer",
            "minimum": 1,
            "maximum": 2**52 - 1,
            "description": "The manager who acts; their permissions apply.",
        },
    },
}
_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}}
_BYTES: Responses = {
    200: {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The file.",
    }
}


def attachments_router() -> APIRouter:
    """Visible to managers only, never to customers."""
    router = api_router("attachments")
    _add_writing(router)
    _add_reading(router)
    return router


def _add_writing(router: APIRouter) -> None:
    @router.post(
        "/dialogs/{dialog_id}/attachments",
        status_code=201,
        response_model=AttachmentOut,
        responses=WRITING,
        openapi_extra={**needs("desk"), **_BODY},
    )
    async def add_attachment(upload: Upload, call: Write, dialog_id: PathId) -> Response:
        """Adds one file of at most 20 MiB to the dialog. Customers never see it."""
        file = NewFile(upload.name, upload.mime, len(upload.content))
        words: dict[str, Any] = {"dialog_id": dialog_id, "file": file, "content": upload.content}
        by = upload.manager_telegram_id
        return await call.show_as(AttachmentOut.of, desk.add_attachment, by=by, status=201, **words)

    @writes(router, "DELETE", "/attachments/{attachment_id}", shows=DeletedOut)
    async def remove_attachment(call: Write, attachment_id: PathId, body: ActingIn) -> Response:
        """Deletes a file of a dialog. The history keeps its name."""
        return await call.show_as(
            lambda _: DeletedOut(id=attachment_id),
            desk.remove_attachment,
            by=body.manager_telegram_id,
            attachment_id=attachment_id,
        )


def _add_reading(router: APIRouter) -> None:
    @reads(router, "/dialogs/{dialog_id}/attachments", shows=AttachmentsOut)
    async def list_attachments(call: Read, page: Rising, dialog_id: PathId) -> Response:
        """Lists the files that belong to the dialog, oldest first."""
        return await call.show(
            lambda each: AttachmentsOut.of(page, each), desk.attachments_of, dialog_id=dialog_id
        )

    @router.get(
        "/attachments/{attachment_id}",
        response_class=Response,
        responses={**READING, **_BYTES},
        openapi_extra=needs("read"),
    )
    async def read_attachment(call: Read, attachment_id: PathId) -> Response:
        """Downloads a file of a dialog. A file that was attached in Telegram is available after some seconds; until
        then the answer is 503.
        """
        file, content = await call.store.read(desk.attachment_with_content, attachment_id=attachment_id)
        if content is None:
            seconds = RETRY_AFTER_SECONDS
            headers = {"Retry-After": str(seconds)}
            raise HttpRefusal(503, "unavailable", text="file_not_here", headers=headers, seconds=seconds)
        plain = (
            file.name.encode("ascii", "replace")
            .decode()
            .replace("?", "_")
            .replace('"', "_")
            .replace("\\", "_")
        )
        headers = {
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name)}",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=file.mime, headers=headers)
