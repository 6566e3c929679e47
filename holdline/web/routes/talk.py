"""Messages, notes and history of a dialog, of the chat outside dialogs, and of a customer."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from holdline.desk.conversation.composing import note_in_dialog, reply_in_dialog, reply_in_general
from holdline.desk.conversation.notes import delete_note, note_page
from holdline.desk.reading import reading
from holdline.desk.reading.transcripts import transcript_head, transcript_page
from holdline.web.calls import Read, Write
from holdline.web.errors import language_of
from holdline.web.guard import needs
from holdline.web.pages import OldestFirst, Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.dialogs import ActingIn, ReplyIn, SpokenIn
from holdline.web.schemas.messages import HistoryOut, LinesOut, NotedOut, NoteOut, NotesOut, SaidOut, SentOut
from holdline.web.schemas.refusals import READING, Responses

_TEXT_FILE: Responses = {
    **READING,
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The file."},
}

WithNotes = Annotated[
    bool, Query(description="true: adds the managers' notes, which are not for the customer.")
]
Kind = Annotated[
    str | None,
    Query(pattern=r"^[a-z_]{1,64}$", description="Only entries of this kind, such as `note_created`."),
]


def talk_router() -> APIRouter:
    """Writing requires a manager; reading does not."""
    router = api_router("messages and history")
    _add_writing(router)
    _add_transcripts(router)
    _add_files(router)
    _add_history(router)
    return router


def _add_writing(router: APIRouter) -> None:
    @writes(router, "POST", "/dialogs/{dialog_id}/messages", shows=SaidOut, status=201)
    async def write_message(call: Write, dialog_id: PathId, body: ReplyIn) -> Response:
        """Sends a reply to the customer. Refused unless the dialog is active. Without the permission `reply.direct` the
        reply becomes a draft that waits for approval; with `at` it is sent at that time.
        """
        words: dict[str, Any] = {"dialog_id": dialog_id, "reply": body.reply}
        by = body.manager_telegram_id
        return await call.show_as(SaidOut.of, reply_in_dialog, by=by, status=201, **words)

    @writes(router, "POST", "/dialogs/{dialog_id}/notes", shows=NotedOut, status=201)
    async def write_note(call: Write, dialog_id: PathId, body: SpokenIn) -> Response:
        """Adds a note for managers to the dialog. It is never sent to the customer."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "words": body.words}
        by = body.manager_telegram_id
        return await call.show_as(
            lambda note_id: NotedOut(id=note_id, dialog_id=dialog_id),
            note_in_dialog,
            by=by,
            status=201,
            **words,
        )

    @reads(router, "/dialogs/{dialog_id}/notes", shows=NotesOut)
    async def list_notes(call: Read, page: Rising, dialog_id: PathId) -> Response:
        """Lists the notes of the dialog, oldest first. A deleted note has no text; the history keeps it."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "after": page.after or 0, "limit": page.limit + 1}
        return await call.show(lambda rows: NotesOut.of(page, rows), note_page, **words)

    @writes(router, "DELETE", "/notes/{note_id}", shows=NoteOut)
    async def remove_note(call: Write, note_id: PathId, body: ActingIn) -> Response:
        """Deletes a note. Colleagues see who deleted it."""
        return await call.show_as(NoteOut.of, delete_note, by=body.manager_telegram_id, note_id=note_id)

    @writes(router, "POST", "/customers/{customer_id}/messages", shows=SentOut, status=201)
    async def write_general(call: Write, customer_id: PathId, body: SpokenIn) -> Response:
        """Sends a message to the customer outside dialogs. Refused while the customer has an active dialog."""
        words: dict[str, Any] = {"customer_id": customer_id, "words": body.words}
        by = body.manager_telegram_id
        return await call.show_as(SentOut.of, reply_in_general, by=by, status=201, **words)


def _add_transcripts(router: APIRouter) -> None:
    @reads(router, "/customers/{customer_id}/messages", shows=LinesOut)
    async def read_general(call: Read, page: OldestFirst, customer_id: PathId) -> Response:
        """Lists the messages with the customer outside dialogs, oldest first."""
        words: dict[str, Any] = {"customer_id": customer_id, "general_only": True, **page.asked}
        return await call.show(lambda rows: LinesOut.of(page, rows), reading.transcript, **words)

    @reads(router, "/dialogs/{dialog_id}/transcript", shows=LinesOut)
    async def read_dialog_transcript(call: Read, page: OldestFirst, dialog_id: PathId) -> Response:
        """Lists the messages of the dialog, oldest first, including those that were moved into it."""
        words: dict[str, Any] = {"dialog_id": dialog_id, **page.asked}
        return await call.show(lambda rows: LinesOut.of(page, rows), reading.transcript, **words)

    @reads(router, "/customers/{customer_id}/transcript", shows=LinesOut)
    async def read_customer_transcript(call: Read, page: OldestFirst, customer_id: PathId) -> Response:
        """Lists all messages with the customer, inside and outside dialogs, oldest first."""
        words: dict[str, Any] = {"customer_id": customer_id, **page.asked}
        return await call.show(lambda rows: LinesOut.of(page, rows), reading.transcript, **words)


def _add_files(router: APIRouter) -> None:
    @router.get(
        "/dialogs/{dialog_id}/transcript.txt",
        response_class=Response,
        responses=_TEXT_FILE,
        openapi_extra=needs("read"),
    )
    async def read_transcript_file(
        request: Request, call: Read, dialog_id: PathId, notes: WithNotes = False
    ) -> Response:
        """Downloads the messages of the dialog as a text file, in the language of Accept-Language."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "language": language_of(request)}
        head = await call.read_much(transcript_head, **words)
        pages = call.stream(head, transcript_page, with_notes=notes, **words)
        headers = {"Content-Disposition": f'attachment; filename="dialog-{dialog_id}.txt"'}
        return StreamingResponse(pages, media_type="text/plain; charset=utf-8", headers=headers)


def _add_history(router: APIRouter) -> None:
    @reads(router, "/dialogs/{dialog_id}/history", shows=HistoryOut)
    async def read_dialog_history(
        call: Read, page: OldestFirst, dialog_id: PathId, kind: Kind = None
    ) -> Response:
        """Lists who did what in the dialog, oldest first. Entries are never changed."""
        words: dict[str, Any] = {"dialog_id": dialog_id, "kind": kind, **page.asked}
        return await call.show(lambda rows: HistoryOut.of(page, rows), reading.history_of, **words)

    @reads(router, "/customers/{customer_id}/history", shows=HistoryOut)
    async def read_customer_history(
        call: Read, page: OldestFirst, customer_id: PathId, kind: Kind = None
    ) -> Response:
        """Lists who did what with the customer, in all dialogs and outside, oldest first."""
        words: dict[str, Any] = {"customer_id": customer_id, "kind": kind, **page.asked}
        return await call.show(lambda rows: HistoryOut.of(page, rows), reading.history_of, **words)
