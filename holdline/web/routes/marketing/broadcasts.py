"""Broadcasts: one message to many customers, each through the gate."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from holdline.desk.broadcasts import audience_size, changing, creating, moves, of_tools, reading
from holdline.screens.reports.made import MEDIA_TYPES
from holdline.store.tx import Tx
from holdline.web.calls import Read, Write
from holdline.web.guard import needs
from holdline.web.pages import NewestFirst, Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.marketing.broadcast_progress import (
    BroadcastOut,
    BroadcastsOut,
    RecipientCountOut,
    RecipientsOut,
)
from holdline.web.schemas.marketing.broadcasts import BroadcastIn, BroadcastPatchIn
from holdline.web.schemas.refusals import READING, Responses

RecipientStatus = Annotated[
    Literal["sent", "held", "waiting", "blocked", "failed", "expired", "cancelled"] | None,
    Query(description="Only recipients with this status. The names are those of the broadcast's figures."),
]


_READ = ("send", "read")


def broadcasts_router() -> APIRouter:
    """Creating, reading, pausing, resuming and cancelling broadcasts."""
    router = api_router("broadcasts")

    @writes(router, "POST", "/broadcasts", shows=BroadcastOut, scope="send", status=201)
    async def create_broadcast(call: Write, body: BroadcastIn) -> Response:
        """Creates a broadcast: one message to all customers of the audience who can be reached and accept marketing.
        With `dry_run` or `test_to` no broadcast is created, and the answer is 200 with `{"recipients": N}`.
        """
        order = body.order
        if body.test_to is not None:
            asked: dict[str, Any] = {"order": order, "telegram_id": body.test_to, "key": call.key}
            return await call.show(RecipientCountOut.of, of_tools.try_out, status=200, **asked)
        expected = await call.store.read_heavy(audience_size.count_audience, audience=order.audience)
        if body.dry_run:
            return await call.show(RecipientCountOut.of, _dry_run, status=200, order=order, expected=expected)
        words: dict[str, Any] = {"order": order, "key": call.key, "expected": expected}
        return await call.show(BroadcastOut.of, of_tools.create_of_tool, status=201, **words)

    _add_reading(router)
    _add_moves(router)
    _add_changes(router)
    _add_file(router)
    return router


def _add_reading(router: APIRouter) -> None:
    @reads(router, "/broadcasts", shows=BroadcastsOut, scopes=_READ)
    async def list_broadcasts(call: Read, page: NewestFirst) -> Response:
        """Lists broadcasts, newest first."""
        words: dict[str, Any] = page.asked
        return await call.show(lambda rows: BroadcastsOut.of(page, rows), reading.broadcasts_page, **words)

    @reads(router, "/broadcasts/{broadcast_id}", shows=BroadcastOut, scopes=_READ)
    async def read_broadcast(call: Read, broadcast_id: PathId) -> Response:
        """Shows the progress of a broadcast."""
        return await call.show(BroadcastOut.of, reading.progress_of, broadcast_id=broadcast_id)

    @reads(router, "/broadcasts/{broadcast_id}/recipients", shows=RecipientsOut, scopes=_READ)
    async def list_recipients(
        call: Read, page: Rising, broadcast_id: PathId, status: RecipientStatus = None
    ) -> Response:
        """Lists the recipients of a broadcast with their status, and why a message was not sent."""
        words: dict[str, Any] = {
            "broadcast_id": broadcast_id,
            "status": status,
            "after": page.after or 0,
            "limit": page.limit + 1,
        }
        return await call.show(lambda rows: RecipientsOut.of(page, rows), reading.recipients_page, **words)


def _add_moves(router: APIRouter) -> None:
    @writes(router, "POST", "/broadcasts/{broadcast_id}/pause", shows=BroadcastOut, scope="send")
    async def pause_broadcast(call: Write, broadcast_id: PathId) -> Response:
        """Pauses the broadcast. After one second no further message is sent; messages on their way may still arrive."""
        return await call.show(BroadcastOut.of, moves.pause_broadcast, broadcast_id=broadcast_id)

    @writes(router, "POST", "/broadcasts/{broadcast_id}/resume", shows=BroadcastOut, scope="send")
    async def resume_broadcast(call: Write, broadcast_id: PathId) -> Response:
        """Resumes a paused broadcast."""
        return await call.show(BroadcastOut.of, moves.resume_broadcast, broadcast_id=broadcast_id)

    @writes(router, "POST", "/broadcasts/{broadcast_id}/cancel", shows=BroadcastOut, scope="send")
    async def cancel_broadcast(call: Write, broadcast_id: PathId) -> Response:
        """Cancels the broadcast for good, including its held messages. Messages that were sent stay."""
        return await call.show(BroadcastOut.of, moves.cancel_broadcast, broadcast_id=broadcast_id)


def _add_changes(router: APIRouter) -> None:
    @writes(router, "PATCH", "/broadcasts/{broadcast_id}", shows=BroadcastOut, scope="send")
    async def edit_broadcast(call: Write, broadcast_id: PathId, body: BroadcastPatchIn) -> Response:
        """Changes the text, also of messages that were sent within the last 48 hours. Before the start the time, the
        expiry and the audience can be changed too. Messages that were sent are edited in the background.
        """
        changed: dict[str, Any] = {"broadcast_id": broadcast_id}
        if not body.is_about_plan:
            changed["words"] = body.words
            return await call.show(BroadcastOut.of, changing.edit_broadcast, **changed)
        audience, expected = body.audience.filter if body.audience else None, 0
        if audience is not None:
            expected = await call.store.read_heavy(audience_size.count_audience, audience=audience)
        changed |= {"change": body.plan_change(audience, expected), "key": call.key}
        return await call.show(BroadcastOut.of, of_tools.change_plan_of_tool, **changed)

    @writes(router, "DELETE", "/broadcasts/{broadcast_id}/messages", shows=BroadcastOut, scope="send")
    async def delete_sent_messages(call: Write, broadcast_id: PathId) -> Response:
        """Deletes the messages that were sent within the last 48 hours, in the background. Recipients who still wait do
        not get the message.
        """
        return await call.show(BroadcastOut.of, changing.delete_sent, broadcast_id=broadcast_id)


def _add_file(router: APIRouter) -> None:
    responses: Responses = {
        **READING,
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The file."},
    }

    @router.get(
        "/broadcasts/{broadcast_id}/recipients.csv",
        response_class=Response,
        responses=responses,
        openapi_extra=needs(*_READ),
    )
    async def recipients_csv(call: Read, broadcast_id: PathId) -> Response:
        """Downloads the recipients of a broadcast with their status as a CSV file."""
        first = await call.read_much(reading.recipients_csv_page, broadcast_id=broadcast_id)
        lines = call.stream(first, reading.recipients_csv_page, broadcast_id=broadcast_id)
        name = f'attachment; filename="broadcast-{broadcast_id}.csv"'
        return StreamingResponse(lines, media_type=MEDIA_TYPES["csv"], headers={"Content-Disposition": name})


def _dry_run(tx: Tx, *, order: creating.BroadcastOrder, expected: int) -> int:
    creating.refuse_unsendable_broadcast(tx, order=order)
    return expected
