"""Drafts: replies that wait for approval."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from holdline.desk.conversation import drafts as desk
from holdline.dialogs.draft import DraftState
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.drafts import ApprovalIn, DraftOut, DraftsOut, DraftTextIn, ReturnIn

InState = Annotated[DraftState | None, Query(description="Only drafts in this state.")]


def drafts_router() -> APIRouter:
    """`POST /dialogs/{id}/messages` by a manager without `reply.direct` creates drafts."""
    router = api_router("drafts")
    _add_reading(router)
    _add_decisions(router)
    _add_notes(router)
    return router


def _add_reading(router: APIRouter) -> None:
    @reads(router, "/drafts", shows=DraftsOut)
    async def list_drafts(call: Read, page: Rising, state: InState = None) -> Response:
        """Lists all drafts, or those in one state, oldest first."""
        words: dict[str, Any] = {
            "state": state.value if state else None,
            "after": page.after,
            "limit": page.limit + 1,
        }
        return await call.show(lambda rows: DraftsOut.of(page, rows), desk.draft_page, **words)

    @reads(router, "/drafts/{draft_id}", shows=DraftOut)
    async def read_draft(call: Read, draft_id: PathId) -> Response:
        """Shows one draft with its notes."""
        return await call.show(DraftOut.of, desk.load_draft, draft_id=draft_id)


def _add_decisions(router: APIRouter) -> None:
    @writes(router, "POST", "/drafts/{draft_id}/approve", shows=DraftOut)
    async def approve(call: Write, draft_id: PathId, body: ApprovalIn) -> Response:
        """Approves the draft and sends it to the customer. Nobody can approve their own draft."""
        words: dict[str, Any] = {"draft_id": draft_id, "text": body.text, "crossing": body.crossing}
        return await call.show_as(DraftOut.of, desk.approve_draft, by=body.manager_telegram_id, **words)

    @writes(router, "POST", "/drafts/{draft_id}/return", shows=DraftOut)
    async def return_draft(call: Write, draft_id: PathId, body: ReturnIn) -> Response:
        """Returns the draft to its author with a reason."""
        words: dict[str, Any] = {"draft_id": draft_id, "reason": body.reason}
        return await call.show_as(DraftOut.of, desk.return_draft, by=body.manager_telegram_id, **words)

    @writes(router, "POST", "/drafts/{draft_id}/submit", shows=DraftOut)
    async def submit(call: Write, draft_id: PathId, body: DraftTextIn) -> Response:
        """Replaces the text of the author's own draft, which waits for approval again."""
        words: dict[str, Any] = {"draft_id": draft_id, "text": body.text}
        return await call.show_as(DraftOut.of, desk.submit_draft, by=body.manager_telegram_id, **words)


def _add_notes(router: APIRouter) -> None:
    @writes(router, "POST", "/drafts/{draft_id}/notes", shows=DraftOut, status=201)
    async def add_note(call: Write, draft_id: PathId, body: DraftTextIn) -> Response:
        """Adds a note to the draft. The dialog's own notes are separate."""
        words: dict[str, Any] = {"draft_id": draft_id, "text": body.text}
        return await call.show_as(
            DraftOut.of, desk.add_draft_note, by=body.manager_telegram_id, status=201, **words
        )

    @writes(router, "DELETE", "/drafts/{draft_id}/notes/{note_id}", shows=DraftOut)
    async def remove_note(call: Write, draft_id: PathId, note_id: PathId, body: ActingIn) -> Response:
        """Deletes a note of the draft. The history keeps its text."""
        words: dict[str, Any] = {"draft_id": draft_id, "note_id": note_id}
        return await call.show_as(DraftOut.of, desk.remove_draft_note, by=body.manager_telegram_id, **words)
