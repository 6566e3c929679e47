"""Scheduled replies: `POST /dialogs/{id}/messages` with `at` creates them."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.conversation import scheduling as desk
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.scheduled import ScheduledListOut, ScheduledOut, ScheduledTextIn


def schedule_router() -> APIRouter:
    """All scheduled replies of a dialog stay in its list, whatever their status."""
    router = api_router("scheduled replies")

    @reads(router, "/dialogs/{dialog_id}/scheduled", shows=ScheduledListOut)
    async def list_scheduled(call: Read, page: Rising, dialog_id: PathId) -> Response:
        """Lists the scheduled replies of the dialog: those that wait, and the others with their state."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "after": page.after or 0, "limit": page.limit + 1}
        return await call.show(lambda rows: ScheduledListOut.of(page, rows), desk.page_of_scheduled, **words)

    @writes(router, "PATCH", "/scheduled/{reply_id}", shows=ScheduledOut)
    async def edit(call: Write, reply_id: PathId, body: ScheduledTextIn) -> Response:
        """Changes the text of a scheduled reply. The manager who changes it becomes its author. Its files stay."""
        words: dict[str, Any] = {"reply_id": reply_id, "text": body.text}
        return await call.show_as(
            ScheduledOut.of, desk.edit_scheduled_reply, by=body.manager_telegram_id, **words
        )

    @writes(router, "DELETE", "/scheduled/{reply_id}", shows=ScheduledOut)
    async def cancel(call: Write, reply_id: PathId, body: ActingIn) -> Response:
        """Cancels a scheduled reply. The history keeps its text."""
        by = body.manager_telegram_id
        return await call.show_as(ScheduledOut.of, desk.cancel_scheduled_reply, by=by, reply_id=reply_id)

    return router
