"""Funnels: versioned definitions, dry runs, statistics."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
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
from holdline.web.schemas.lists import DeletedOut

SCOPES = ("send", "read")
AskedVersion = Annotated[
    int | None, Query(ge=1, description="The version to report on; without it, the newest.")
]


def funnels_router() -> APIRouter:
    """Definitions have the keys of funnel files (docs/funnels.md)."""
    router = api_router("funnels")

    @reads(router, "/funnels", shows=FunnelsOut, scopes=SCOPES)
    async def list_funnels(call: Read, page: Rising) -> Response:
        """Lists all funnels, oldest first, with the numbers of their enrolments."""
        words: dict[str, Any] = {"after": page.after or 0, "limit": page.limit + 1}
        return await call.show(lambda rows: FunnelsOut.of(page, rows), figures.funnel_page, **words)

    @writes(router, "POST", "/funnels", shows=FunnelOut, scope="send", status=201)
    async def add_funnel(call: Write, body: FunnelIn) -> Response:
        """Adds a funnel. If the definition has an error, it is refused, and the path of the error is named."""
        return await call.show(FunnelOut.of, definitions.add_funnel, status=201, written=body.written)

    @writes(router, "POST", "/funnels/dry-run", shows=DryFunnelOut, scope="send")
    async def try_funnel(call: Write, body: FunnelTryIn) -> Response:
        """Shows what a customer with that profile would get, and after how many seconds. Nothing is stored or sent."""
        words: dict[str, Any] = {"written": body.written, "profile": body.profile or {}}
        return await call.show(DryFunnelOut.of, definitions.try_funnel, **words)

    @reads(router, "/funnels/{funnel_id:int}", shows=FunnelWholeOut, scopes=SCOPES)
    async def read_funnel(call: Read, funnel_id: PathId, version: AskedVersion = None) -> Response:
        """Shows the definition of the funnel as it was written, with `id` and `version`."""
        words: dict[str, Any] = {"funnel_id": funnel_id, "version": version}
        return await call.show(FunnelWholeOut.of, figures.funnel_by_id, **words)

    @writes(router, "PUT", "/funnels/{funnel_id:int}", shows=FunnelOut, scope="send")
    async def change_funnel(call: Write, funnel_id: PathId, body: FunnelIn) -> Response:
        """Adds a new version of the funnel for enrolments from now on. Running enrolments keep their version."""
        words: dict[str, Any] = {"funnel_id": funnel_id, "written": body.written}
        return await call.show(FunnelOut.of, definitions.change_funnel, **words)

    _add_switches(router)
    return router


def _add_switches(router: APIRouter) -> None:
    @writes(router, "DELETE", "/funnels/{funnel_id:int}", shows=DeletedOut, scope="send")
    async def delete_funnel(call: Write, funnel_id: PathId) -> Response:
        """Deletes a funnel. Refused while a customer is in it. Its enrolments stay, and its name can be used again."""
        return await call.show(
            lambda _: DeletedOut(id=funnel_id), definitions.delete_funnel, funnel_id=funnel_id
        )

    @writes(router, "POST", "/funnels/{funnel_id:int}/pause", shows=FunnelOut, scope="send")
    async def pause_funnel(call: Write, funnel_id: PathId) -> Response:
        """Pauses the funnel: nobody enters it, and running enrolments wait at their step."""
        words: dict[str, Any] = {"funnel_id": funnel_id, "active": False}
        return await call.show(FunnelOut.of, definitions.switch_funnel, **words)

    @writes(router, "POST", "/funnels/{funnel_id:int}/resume", shows=FunnelOut, scope="send")
    async def resume_funnel(call: Write, funnel_id: PathId) -> Response:
        """Resumes the funnel. Steps that became due in the meantime are done now."""
        words: dict[str, Any] = {"funnel_id": funnel_id, "active": True}
        return await call.show(FunnelOut.of, definitions.switch_funnel, **words)

    @reads(router, "/funnels/{funnel_id:int}/stats", shows=FunnelStatsOut, scopes=SCOPES)
    async def read_stats(call: Read, funnel_id: PathId, version: AskedVersion = None) -> Response:
        """Counts the messages sent, branches taken and goals reached in one version of the funnel."""
        words: dict[str, Any] = {"funnel_id": funnel_id, "version": version}
        return await call.show(FunnelStatsOut.of, figures.figures_of, **words)
