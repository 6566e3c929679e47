"""Merging two dialogs of a customer, and undoing it."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.conversation import merges as desk
from holdline.web.calls import Write
from holdline.web.routes import PathId, api_router, writes
from holdline.web.schemas.dialogs import ActingIn, DialogOut, MergeIn


def merges_router() -> APIRouter:
    """Requires the permissions to change and to close dialogs."""
    router = api_router("dialogs")

    @writes(router, "POST", "/dialogs/{dialog_id}/merge", shows=DialogOut)
    async def merge(call: Write, dialog_id: PathId, body: MergeIn) -> Response:
        """Merges this dialog into another one of the same customer, and returns that one. The messages move there, and
        this dialog is closed without a rating form. Needs the permissions `dialog.update` and `dialog.close`.
        """
        by = body.manager_telegram_id
        return await call.show_as(DialogOut.of, desk.merge_dialog, by=by, dialog_id=dialog_id, into=body.into)

    @writes(router, "POST", "/dialogs/{dialog_id}/unmerge", shows=DialogOut)
    async def unmerge(call: Write, dialog_id: PathId, body: ActingIn) -> Response:
        """Undoes the merge of this dialog, or else the last merge into it. The dialog that was merged gets its messages
        back and is paused. Returns the dialog that continues.
        """
        by = body.manager_telegram_id
        return await call.show_as(DialogOut.of, desk.unmerge_dialog, by=by, dialog_id=dialog_id)

    return router
