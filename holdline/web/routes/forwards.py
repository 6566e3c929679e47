"""Forwarding dialogs by e-mail or Telegram."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.dialogs import forwards as desk
from holdline.web.calls import Read, Write
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.forwards import ForwardIn, ForwardOut


def forwards_router() -> APIRouter:
    """`GET` by the forward's id shows the status of each recipient."""
    router = api_router("forwards")

    @writes(router, "POST", "/dialogs/{dialog_id}/forward", shows=ForwardOut, status=202)
    async def forward(call: Write, dialog_id: PathId, body: ForwardIn) -> Response:
        """Forwards the dialog by e-mail, or to colleagues in Telegram. `GET /forwards/{id}` shows the result."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "order": body.order}
        by = body.manager_telegram_id
        return await call.show_as(ForwardOut.of, desk.forward_dialog, by=by, status=202, **words)

    @reads(router, "/forwards/{forward_id}", shows=ForwardOut)
    async def read_forward(call: Read, forward_id: PathId) -> Response:
        """Shows the status of each recipient of a forward, with the reason if it failed."""
        return await call.show(ForwardOut.of, desk.load_forward, forward_id=forward_id)

    return router
