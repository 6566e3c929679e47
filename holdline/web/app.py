"""The web side as one ASGI app: API, probes and, if configured, the webhook endpoint."""

from functools import cache

from fastapi import FastAPI
from starlette.routing import BaseRoute, Route

from holdline.store.engine import Store
from holdline.web.auth import TokenBucket
from holdline.web.document import serve_document
from holdline.web.errors import map_errors
from holdline.web.metrics import Metrics
from holdline.web.middleware import CallMiddleware
from holdline.web.routes import PREFIX
from holdline.web.routes.attachments import attachments_router
from holdline.web.routes.bulk import bulk_router
from holdline.web.routes.customers import customers_router
from holdline.web.routes.desk_fields import desk_fields_router
from holdline.web.routes.desk_rules import desk_rules_router
from holdline.web.routes.dialogs import dialogs_router
from holdline.web.routes.drafts import drafts_router
from holdline.web.routes.forwards import forwards_router
from holdline.web.routes.funnels.enrolments import enrolments_router
from holdline.web.routes.funnels.funnels import funnels_router
from holdline.web.routes.funnels.pictures import funnel_pictures_router
from holdline.web.routes.health import Readiness, health_router
from holdline.web.routes.inbox import inbox_router
from holdline.web.routes.lists import close_reasons_router, lists_router
from holdline.web.routes.managers import managers_router
from holdline.web.routes.marketing.broadcasts import broadcasts_router
from holdline.web.routes.marketing.held import gate_queue_router
from holdline.web.routes.marketing.smart_replies import smart_replies_router
from holdline.web.routes.marketing.webhooks import webhooks_router
from holdline.web.routes.merges import merges_router
from holdline.web.routes.notifications import notifications_router
from holdline.web.routes.outbound import outbound_router
from holdline.web.routes.privacy.customers_data import personal_data_router
from holdline.web.routes.reports import reports_router
from holdline.web.routes.scheduled import schedule_router
from holdline.web.routes.search import search_router
from holdline.web.routes.sla import sla_router
from holdline.web.routes.standard_messages import standard_messages_router
from holdline.web.routes.tag_rules import tag_rules_router
from holdline.web.routes.talk import talk_router
from holdline.web.routes.teams import teams_router
from holdline.web.routes.templates import templates_router
from holdline.web.webhook_lookup import look_up

API_VERSION = "1"
CALLS_PER_SECOND = 1000.0
_ROUTERS = (
    managers_router,
    lists_router,
    close_reasons_router,
    desk_fields_router,
    teams_router,
    desk_rules_router,
    standard_messages_router,
    sla_router,
    customers_router,
    personal_data_router,
    dialogs_router,
    attachments_router,
    bulk_router,
    talk_router,
    drafts_router,
    forwards_router,
    templates_router,
    schedule_router,
    inbox_router,
    merges_router,
    notifications_router,
    outbound_router,
    broadcasts_router,
    gate_queue_router,
    funnels_router,
    funnel_pictures_router,
    enrolments_router,
    reports_router,
    search_router,
    tag_rules_router,
    smart_replies_router,
    webhooks_router,
)


def build_app(
    store: Store,
    *,
    webhook: Route | None = None,
    readiness: Readiness = tuple,
    per_second: float = CALLS_PER_SECOND,
) -> FastAPI:
    """Builds the whole app. `webhook` comes from web/webhook_endpoint.py, `readiness` returns reasons against
    readiness, `per_second` is the rate limit of each key.
    """
    app = FastAPI(
        title="Holdline",
        version=API_VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        strict_content_type=False,
        redirect_slashes=False,
    )
    app.state.store = store
    app.state.metrics = Metrics()
    app.state.look_up = look_up
    app.state.pace = TokenBucket(per_second, burst=max(1, round(per_second * 2)))
    if webhook is not None:
        app.router.routes.append(webhook)
    app.router.routes.extend(api_routes())
    app.include_router(health_router(readiness))
    map_errors(app)
    serve_document(app, f"{PREFIX}/openapi.json")
    app.add_middleware(CallMiddleware, metrics=app.state.metrics)
    return app


@cache
def api_routes() -> tuple[BaseRoute, ...]:
    """Cached per process, because reading the signatures takes a tenth of a second, and as long again for each included
    router, since FastAPI rebuilds its routes.
    """
    return tuple(route for router in _ROUTERS for route in router().routes)
