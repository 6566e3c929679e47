"""Routes that read the state of the sandbox."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse

from holdline.sandbox.bell import wait_for_ring
from holdline.sandbox.box import Sandbox
from holdline.sandbox.control.box_of import Box
from holdline.sandbox.json_types import Json

router = APIRouter(tags=["look"])
HEARTBEAT_SECONDS = 15.0
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
Since = Annotated[int, Query(ge=0)]


@router.get("/calls")
async def calls(box: Box, since: Since = 0, limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000) -> Json:
    """The bot's calls after number `since`; pass `next` in the following request. Successful polls are left out."""
    items = box.tg.calls.since(since, limit)
    return {"items": items, "next": items[-1]["seq"] if items else since}


@router.get("/users")
async def users(box: Box) -> Json:
    """All people, and the bot."""
    return {"items": box.users()}


@router.get("/chats")
async def chats(box: Box) -> Json:
    """All chats with their topics and members."""
    return {"items": box.chats()}


@router.get("/chats/{chat_id}/messages")
async def messages(box: Box, chat_id: int, thread_id: int | None = None) -> Json:
    """The messages that are visible in a chat now, oldest first, with the reactions of each person."""
    reactions = box.world.chat(chat_id).reactions
    items = box.messages(chat_id, thread_id)
    for item in items:
        item["reactions"] = reactions.get(item["message_id"], {})
    return {"items": items}


@router.get("/files/{file_id}")
async def file(box: Box, file_id: str) -> Response:
    """The content of a stored file. Only pictures are displayed inline."""
    stored = box.tg.files.find(file_id)
    if stored is None:
        raise HTTPException(404, "That file is not here any more; old files give way to new ones.")
    content = stored.bytes()
    headers = {"X-Content-Type-Options": "nosniff"}
    for magic, kind in PICTURES.items():
        if content.startswith(magic):
            return Response(content, media_type=kind, headers=headers)
    headers["Content-Disposition"] = "attachment"
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/problems")
async def problems(box: Box) -> Json:
    """Requests, answers and updates that did not match the published Bot API."""
    return {"items": box.problems}


@router.get("/state")
async def state(box: Box) -> Json:
    """The initial data of a page: token, time, waiting updates, limits, faults."""
    tg = box.tg
    return {
        "token": tg.options.token,
        "bot": tg.bot.as_user(),
        "now": tg.clock.now(),
        "limits": {"on": tg.limits.on, "refused": tg.limits.refused},
        "faults": len(tg.faults.list_pending()),
        "pending_updates": len(tg.updates.waiting),
        "webhook": tg.webhook.url,
        "last_event": tg.events.last,
        "tool": tg.options.tool is not None,
        "staff": list(tg.options.staff),
    }


@router.get("/events")
async def events(box: Box, request: Request, since: int | None = None) -> StreamingResponse:
    """Server-Sent Events: message, edit, delete, reaction, topic, callback_answer, chat … each with its number.

    `since` (or the header Last-Event-ID) replays all later events; without it the stream starts now.
    """
    last = request.headers.get("last-event-id", "")  # the last event before the connection broke
    start = int(last) if last.isdecimal() else since
    if start is None:
        start = box.tg.events.last
    elif start > box.tg.events.last:  # a number of an earlier sandbox
        start = 0
    return StreamingResponse(
        _stream(box, start), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _stream(box: Sandbox, seq: int) -> AsyncIterator[str]:
    journal = box.tg.events
    yield ": the sandbox is here\n\n"
    while not box.tg.closing:
        ticket = journal.bell.ticket()
        rows = journal.since(seq)
        for row in rows:
            seq = row["seq"]
            yield f"id: {seq}\nevent: {row['kind']}\ndata: {json.dumps(row)}\n\n"
        if not rows and not await wait_for_ring(ticket, HEARTBEAT_SECONDS):
            yield ": still here\n\n"
