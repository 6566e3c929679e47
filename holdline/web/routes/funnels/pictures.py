"""Pictures of funnels, with the number of customers on each path."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from holdline.desk.funnels.figures import DrawnFunnel, funnel_to_draw
from holdline.screens.funnels.pictures.picture import PictureLook, funnel_picture, funnel_png
from holdline.web.calls import Read
from holdline.web.errors import language_of
from holdline.web.guard import needs
from holdline.web.routes import PathId, api_router
from holdline.web.routes.funnels.funnels import SCOPES, AskedVersion
from holdline.web.routes.reports import make_in_file_thread
from holdline.web.schemas.refusals import READING

PictureTheme = Annotated[Literal["light", "dark"], Query(description="The colours of the picture.")]
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
_ALONE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
"""Restricts the picture when it is opened directly in a browser."""


def funnel_pictures_router() -> APIRouter:
    """Draws a version in the language of Accept-Language."""
    router = api_router("funnels")

    @router.get("/funnels/{funnel_id:int}/picture.svg", **_sends("svg"))
    async def picture_svg(
        request: Request,
        call: Read,
        funnel_id: PathId,
        theme: PictureTheme = "light",
        version: AskedVersion = None,
    ) -> Response:
        """Draws the funnel with its numbers as an SVG picture, in the language of Accept-Language."""
        drawn = await call.read_much(funnel_to_draw, funnel_id=funnel_id, version=version)
        look = PictureLook(language_of(request), theme, counts=drawn.counts)
        return await _draw(lambda: funnel_picture(drawn.definition, look).encode(), "svg")

    @router.get("/funnels/{funnel_id:int}/picture.png", **_sends("png"))
    async def picture_png(
        request: Request,
        call: Read,
        funnel_id: PathId,
        theme: PictureTheme = "light",
        version: AskedVersion = None,
    ) -> Response:
        """Draws the funnel with its numbers as a PNG picture, in the language of Accept-Language."""
        drawn: DrawnFunnel = await call.read_much(funnel_to_draw, funnel_id=funnel_id, version=version)
        look = PictureLook(language_of(request), theme, counts=drawn.counts)
        return await _draw(lambda: funnel_png(drawn.definition, look), "png")

    return router


def _sends(format_: str) -> dict[str, Any]:
    content = {_TYPES[format_]: {"schema": {"type": "string", "format": "binary"}}}
    responses = {**READING, 200: {"content": content, "description": "The picture."}}
    return {"response_class": Response, "responses": responses, "openapi_extra": needs(*SCOPES)}


async def _draw(draw: Callable[[], bytes], format_: str) -> Response:
    return Response(await make_in_file_thread(draw), media_type=_TYPES[format_], headers=_ALONE)
