"""The web side of a process with no other HTTP routes. It imports none of them, which saves memory."""

from fastapi import FastAPI

from holdline.store.engine import Store
from holdline.web.errors import map_errors
from holdline.web.metrics import Metrics
from holdline.web.middleware import CallMiddleware
from holdline.web.routes.health import Notes, Readiness, health_router


def build_probes(store: Store, *, readiness: Readiness, notes: Notes) -> FastAPI:
    """Builds an app with probes and metrics only, for a process with no other HTTP routes."""
    app = FastAPI(title="Holdline probes", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.store = store
    app.state.metrics = Metrics()
    app.include_router(health_router(readiness, notes))
    map_errors(app)
    app.add_middleware(CallMiddleware, metrics=app.state.metrics)
    return app
