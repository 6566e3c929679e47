"""Merging two dialogs of a customer, and taking that back."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.conversation import merges as desk
from holdline.web.calls import Write
from holdline.web.routes import PathId, api_router, writes
from holdline.web.schemas.dialogs import ActingIn, DialogOut, MergeIn


def merges_router() -> APIRouter:
    """Whoever does it may change dialogs and close them."""
    router = api_router("dialogs")

    @writes(router, "POST", "/dialogs/{dialog_id}/merge", shows=DialogOut)
    async def merge(call: Write, dialog_id: PathId, body: MergeIn) -> Response:
        """It closes without a rating form, and what was said in it belongs to the other one; the answer is that one."""
        by = body.manager_telegram_id
        return await call.show_as(DialogOut.of, desk.merge_dialog, by=by, dialog_id=dialog_id, into=body.into)

    @writes(router, "POST", "/dialogs/{dialog_id}/unmerge", shows=DialogOut)
    async def unmerge(call: Write, dialog_id: PathId, body: ActingIn) -> Response:
        """Of the one that was merged, or the last one merged into this; it is paused then, with what was its own."""
        by = body.manager_telegram_id
        return await call.show_as(DialogOut.of, desk.unmerge_dialog, by=by, dialog_id=dialog_id)

    return router
