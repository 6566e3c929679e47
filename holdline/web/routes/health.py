"""Probes and metrics, without a key."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from inspect import isawaitable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.responses import Response

from holdline.desk.health import readiness as desk_readiness
from holdline.desk.health.disk import disk_notes, disk_reasons
from holdline.desk.health.intake_health import intake_reasons
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.screens import settings
from holdline.store.tx import Tx
from holdline.web.errors import language_of
from holdline.web.metrics import MetricsSnapshot, metrics_snapshot
from holdline.web.schemas.health import AliveOut, ReadyOut
from holdline.web.schemas.refusals import Responses
from holdline.web.status_page import status_page

PROBE_SECONDS = 1.0
FRESH_SECONDS = 1.0
Readiness = Callable[[], Iterable[str] | Awaitable[Iterable[str]]]
"""Returns reasons why this process should get no work (stopping, lease lost…). No reason means that it is ready."""
Notes = Callable[[], Iterable[str]]
"""Returns facts that are no reason against readiness, such as being a standby."""

_METRICS: Responses = {
    200: {
        "content": {"text/plain": {"schema": {"type": "string"}}},
        "description": "The metrics in the text format of Prometheus.",
    }
}


def health_router(readiness: Readiness, notes: Notes = tuple) -> APIRouter:
    """Without a prefix and without a key."""
    router = APIRouter(tags=["health"])
    probe, counting = Probe(readiness), asyncio.Lock()

    @router.get("/healthz", response_model=AliveOut)
    async def healthz() -> Response:
        """Says that the process is alive: its event loop answers. Nothing else is checked, so that an outage elsewhere
        does not restart the process.
        """
        return _json(AliveOut(), 200)

    @router.get("/readyz", response_model=ReadyOut, responses={503: {"model": ReadyOut}})
    async def readyz(request: Request) -> Response:
        """Says whether this process should get work. It should if the database accepts a write within a second, updates
        are handled in time, Telegram is reachable, and it is not stopping. Otherwise the answer is 503 with reasons.
        """
        reasons = await probe.reasons(request.app.state.store)
        ready = ReadyOut(ready=not reasons, reasons=reasons, notes=[*notes(), *probe.notes])
        return _json(ready, 503 if reasons else 200)

    @router.get("/metrics", response_class=Response, responses=_METRICS)
    async def metrics(request: Request) -> Response:
        """Shows counts and ages for Prometheus: no names, no text and no ids of chats."""
        async with counting:  # anybody may scrape, so the counting is done once at a time
            reasons = await _snapshot_or_none(request.app.state.store)
        text = request.app.state.metrics.text(reasons, request.app.state.store.reserve)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    _serve_status(router, probe, notes, counting)
    return router


def _serve_status(router: APIRouter, probe: "Probe", notes: Notes, counting: asyncio.Lock) -> None:
    @router.get("/status", response_class=HTMLResponse, include_in_schema=False)
    async def status(request: Request) -> HTMLResponse:
        """A status page for people: counts and ages only."""
        store: Store = request.app.state.store
        reasons = await probe.reasons(store)
        async with counting:
            snapshot = await _snapshot_or_none(store)
        page = status_page(
            snapshot,
            reasons=reasons,
            notes=[*notes(), *probe.notes],
            memory=request.app.state.metrics.memory,
            language=language_of(request),
            at=store.clock.now(),
        )
        return HTMLResponse(page)


class Probe:
    """Makes at most one write at a time and one a second, because anybody may call it."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness
        self._lock = asyncio.Lock()
        self._known: list[str] = []
        self.notes: list[str] = []
        self._asked_at = float("-inf")

    async def reasons(self, store: Store) -> list[str]:
        """The reasons against readiness as sentences. Empty means ready."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now - self._asked_at >= FRESH_SECONDS:
                self._known, self.notes = await _store_says(store)
                self._asked_at = now
        reasons = self._readiness()
        return [*(await reasons if isawaitable(reasons) else reasons), *self._known]


async def _store_says(store: Store) -> tuple[list[str], list[str]]:
    """Reasons against readiness, and notes."""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            reasons, notes = await store.act(_probe_results)
    except StoreUnavailable:
        return disk_reasons(store.reserve) or ["The store cannot be written to."], []
    except TimeoutError:
        late = f"The store did not take a write within {PROBE_SECONDS:g} s."
        return disk_reasons(store.reserve) or [late], []
    return reasons, [*notes, *disk_notes(store.reserve)]


def _probe_results(tx: Tx) -> tuple[list[str], list[str]]:
    """Makes a real write, and reads what the store knows about all processes."""
    settings.put(tx, "probed_at", tx.at.isoformat())
    return [*desk_readiness.reasons(tx), *intake_reasons(tx)], desk_readiness.notes(tx)


async def _snapshot_or_none(store: Store) -> MetricsSnapshot | None:
    try:
        return await store.read_heavy(metrics_snapshot)
    except StoreUnavailable:
        return None


def _json(model: BaseModel, status: int) -> JSONResponse:
    return JSONResponse(model.model_dump(), status)
