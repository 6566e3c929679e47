"""Forwarding: a dialog goes to people by e-mail or by Telegram."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.dialogs import forwards as desk
from holdline.web.calls import Read, Write
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.forwards import ForwardIn, ForwardOut


def forwards_router() -> APIRouter:
    """What became of each recipient is asked by the forward's number."""
    router = api_router("forwards")

    @writes(router, "POST", "/dialogs/{dialog_id}/forward", shows=ForwardOut, status=202)
    async def forward(call: Write, dialog_id: PathId, body: ForwardIn) -> Response:
        """`history` is the talk with the customer, `notes` are the notes; neither holds the other."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "order": body.order}
        by = body.manager_telegram_id
        return await call.show_as(ForwardOut.of, desk.forward_dialog, by=by, status=202, **words)

    @reads(router, "/forwards/{forward_id}", shows=ForwardOut)
    async def read_forward(call: Read, forward_id: PathId) -> Response:
        """A failed recipient says why."""
        return await call.show(ForwardOut.of, desk.load_forward, forward_id=forward_id)

    return router
