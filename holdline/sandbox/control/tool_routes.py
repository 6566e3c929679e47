"""Lets the page act as the outside marketing tool: its requests are forwarded with the tool's key."""

from typing import Literal

import aiohttp
from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel

from holdline.sandbox.control.box_of import Box

router = APIRouter(tags=["tool"])
PASSED_ON = ("content-type", "idempotency-key", "accept")
SECONDS = 30.0


class PageLanguage(BaseModel):
    language: Literal["en", "ru", "pl"]


@router.put("/language", status_code=204)
async def follow_language(box: Box, order: PageLanguage) -> None:
    """Tells the desk beside this sandbox the language of the page. Does nothing if there is no desk."""
    if box.options.on_language is not None:
        await box.options.on_language(order.language)


async def tool(box: Box, request: Request, path: str) -> Response:
    """Forwards the request to the desk's HTTP API. Answers 404 if there is no desk beside this sandbox."""
    access = box.options.tool
    if access is None:
        raise HTTPException(404, "No desk stands beside this sandbox; open it with a tool address and key.")
    headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    headers["Authorization"] = f"Bearer {access.key}"
    url = f"{access.base_url.rstrip('/')}/{path}"
    if request.url.query:
        url += f"?{request.url.query}"
    body = await request.body()
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
            session.request(request.method, url, data=body, headers=headers) as answer,
        ):
            reply = await answer.read()
            return Response(reply, answer.status, media_type=answer.headers.get("Content-Type"))
    except (aiohttp.ClientError, TimeoutError) as error:
        raise HTTPException(502, "The desk beside this sandbox does not answer; is it running?") from error


for _verb in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    router.add_api_route("/tool/{path:path}", tool, methods=[_verb], operation_id=f"tool_{_verb.lower()}")
