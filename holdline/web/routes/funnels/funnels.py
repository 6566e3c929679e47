"""Funnels: definitions in versions, what each would send, and how far customers have come."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.funnels import definitions, figures
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.funnels.funnels import (
    DryFunnelOut,
    FunnelIn,
    FunnelOut,
    FunnelsOut,
    FunnelStatsOut,
    FunnelTryIn,
    FunnelWholeOut,
)

SCOPES = ("send", "read")


def funnels_router() -> APIRouter:
    """Definitions are those of the files (docs/funnels.md)."""
    router = api_router("funnels")

    @reads(router, "/funnels", shows=FunnelsOut, scopes=SCOPES)
    async def list_funnels(call: Read, page: Rising) -> Response:
        """All of them by rising id, with how many customers are on the way."""
        words: dict[str, Any] = {"after": page.after or 0, "limit": page.limit + 1}
        return await call.show(lambda rows: FunnelsOut.of(page, rows), figures.funnel_page, **words)

    @writes(router, "POST", "/funnels", shows=FunnelOut, scope="send", status=201)
    async def add_funnel(call: Write, body: FunnelIn) -> Response:
        """Version 1. The first fault is named by its path."""
        return await call.show(FunnelOut.of, definitions.add_funnel, status=201, written=body.written)

    @writes(router, "POST", "/funnels/dry-run", shows=DryFunnelOut, scope="send")
    async def try_funnel(call: Write, body: FunnelTryIn) -> Response:
        """What a customer of that profile would get, and how many seconds after they entered; nothing is stored."""
        words: dict[str, Any] = {"written": body.written, "profile": body.profile or {}}
        return await call.show(DryFunnelOut.of, definitions.try_funnel, **words)

    @reads(router, "/funnels/{funnel_id:int}", shows=FunnelWholeOut, scopes=SCOPES)
    async def read_funnel(call: Read, funnel_id: PathId) -> Response:
        """The newest definition as it was written, with `id` and `version`."""
        return await call.show(FunnelWholeOut.of, figures.funnel_by_id, funnel_id=funnel_id)

    @writes(router, "PUT", "/funnels/{funnel_id:int}", shows=FunnelOut, scope="send")
    async def change_funnel(call: Write, funnel_id: PathId, body: FunnelIn) -> Response:
        """A new version for whoever enters from now on; who is on the way stays on theirs."""
        words: dict[str, Any] = {"funnel_id": funnel_id, "written": body.written}
        return await call.show(FunnelOut.of, definitions.change_funnel, **words)

    _add_switches(router)
    return router


def _add_switches(router: APIRouter) -> None:
    @writes(router, "POST", "/funnels/{funnel_id:int}/pause", shows=FunnelOut, scope="send")
    async def pause_funnel(call: Write, funnel_id: PathId) -> Response:
        """Nobody enters, and whoever is on the way stands still."""
        words: dict[str, Any] = {"funnel_id": funnel_id, "active": False}
        return await call.show(FunnelOut.of, definitions.switch_funnel, **words)

    @writes(router, "POST", "/funnels/{funnel_id:int}/resume", shows=FunnelOut, scope="send")
    async def resume_funnel(call: Write, funnel_id: PathId) -> Response:
        """What was due meanwhile goes on now."""
        words: dict[str, Any] = {"funnel_id": funnel_id, "active": True}
        return await call.show(FunnelOut.of, definitions.switch_funnel, **words)

    @reads(router, "/funnels/{funnel_id:int}/stats", shows=FunnelStatsOut, scopes=SCOPES)
    async def read_stats(call: Read, funnel_id: PathId) -> Response:
        """What was sent, which branches were taken, which goals were reached."""
        return await call.show(FunnelStatsOut.of, figures.figures_of, funnel_id=funnel_id)
