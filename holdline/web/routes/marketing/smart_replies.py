"""Automatic answers to free text outside dialogs."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.smart_replies import smart_replies as desk
from holdline.desk.smart_replies.choosing import try_text
from holdline.web.calls import Read, Write
from holdline.web.guard import needs
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.automation.smart_replies import (
    SmartRepliesOut,
    SmartReplyChangesIn,
    SmartReplyIn,
    SmartReplyOut,
    TryIn,
    TryOut,
)
from holdline.web.schemas.lists import DeletedOut
from holdline.web.schemas.refusals import READING


def smart_replies_router() -> APIRouter:
    """Words and expressions are tried in their order, then the questions of all replies together."""
    router = api_router("smart replies")
    _add_reading(router)
    _add_writing(router)
    return router


def _add_reading(router: APIRouter) -> None:
    @reads(router, "/smart-replies", shows=SmartRepliesOut, scopes=("admin", "read"))
    async def list_smart_replies(call: Read, page: Rising) -> Response:
        """Lists smart replies, oldest first."""
        return await call.show(lambda replies: SmartRepliesOut.of(page, replies), desk.list_smart_replies)

    @router.post(
        "/smart-replies/try",
        response_model=TryOut,
        responses=READING,
        openapi_extra=needs("admin", "read"),
    )
    async def try_smart_replies(call: Read, body: TryIn) -> Response:
        """Shows which smart reply would answer this text now. Nothing is sent."""
        return await call.show(TryOut.of, try_text, text=body.text)


def _add_writing(router: APIRouter) -> None:
    @writes(router, "POST", "/smart-replies", shows=SmartReplyOut, scope="admin", status=201)
    async def add_smart_reply(call: Write, body: SmartReplyIn) -> Response:
        """Adds a smart reply, which answers messages outside dialogs from now on."""
        return await call.show(
            SmartReplyOut.of, desk.add_smart_reply, status=201, manager=None, values=body.values
        )

    @writes(router, "PATCH", "/smart-replies/{reply_id}", shows=SmartReplyOut, scope="admin")
    async def change_smart_reply(call: Write, reply_id: PathId, body: SmartReplyChangesIn) -> Response:
        """Changes only the given fields of a smart reply."""
        return await call.show(
            SmartReplyOut.of, desk.change_smart_reply, manager=None, reply_id=reply_id, values=body.values
        )

    @writes(router, "DELETE", "/smart-replies/{reply_id}", shows=DeletedOut, scope="admin")
    async def delete_smart_reply(call: Write, reply_id: PathId) -> Response:
        """Deletes a smart reply. The answers that it gave stay."""
        return await call.show(
            lambda _: DeletedOut(id=reply_id), desk.remove_smart_reply, manager=None, reply_id=reply_id
        )
