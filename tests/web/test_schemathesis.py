"""The document and the app agree: generated calls, good and bad, through every check there is.

Most calls try the limits of each field, which the document gives. In `make test` these are tried for every third path,
with `HOLDLINE_LIMITS_OF_EVERY=1` (`make faults CAMPAIGN=T20`) for all.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from traceback import format_exception
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.python.asgi import shutdown_lifespans

from holdline.store.engine import Store
from holdline.web.app import build_app
from tests.conftest import BOT
from tests.faults.figures import Figures, get_size, report
from tests.web.conftest import a_desk

EXAMPLES = 3
LIMITS_OF_EVERY = get_size("HOLDLINE_LIMITS_OF_EVERY", 3)
SEED = 20260101
LEAST_CALLS = 1000
PATIENCE_SECONDS = 60  # pictures, and the document itself, take seconds of a busy machine
CHECKS = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "ignored_auth",
    "unsupported_method",
}


async def seeded(url: str) -> dict[str, str]:
    store = Store(url, bot_id=BOT)
    await store.start()
    found = await store.act(a_desk)
    await store.close()
    return dict(found["secrets"])


def served(url: str) -> Any:
    """The app with its store started in the loop that serves it."""
    store = Store(url, bot_id=BOT)
    app = build_app(store, per_second=100_000)

    @asynccontextmanager
    async def living(_: Any) -> AsyncIterator[None]:
        await store.start()
        yield
        await store.close()

    app.router.lifespan_context = living
    return app


def configured(secret: str, paths: list[str]) -> SchemathesisConfig:
    """Every check on. What no document can say is no mistake of the app: which names there are (400), and what
    the acting manager may do by now, whom another call may have sent away (403)."""
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "request-timeout": PATIENCE_SECONDS,
            "auth": {"openapi": {"key": {"bearer": secret}}},
            "generation": {"max-examples": EXAMPLES, "database": "none", "no-shrink": True},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "403", "404", "409"]}
            },
            "phases": {"stateful": {"generation": {"max-examples": EXAMPLES}}},
            "operations": [
                {"include-path": path, "phases": {"coverage": {"enabled": False}}}
                for number, path in enumerate(paths)
                if number % LIMITS_OF_EVERY
            ],
            "continue-on-failure": True,
        }
    )


def failed(event: ScenarioFinished) -> list[str]:
    return [
        f"{check.name}: {event.recorder.label}: {info.failure.message} {info.code_sample}"
        for checks in event.recorder.checks.values()
        for check in checks
        if (info := check.failure_info) is not None and not _means_no(event, check.name)
    ]


def _means_no(event: ScenarioFinished, check: str) -> bool:
    """Nobody sends or handles updates beside this app, and 503 is how the readiness probe says so.

    `try` stands where other methods of that address take a number: there it is a bad one.
    """
    if check == "unsupported_method" and event.recorder.label.endswith("/try"):
        return True
    meant = check in {"not_a_server_error", "positive_data_acceptance"}
    return meant and event.recorder.label == "GET /readyz"


def test_generated_calls_find_no_5xx_and_nothing_undocumented(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'holdline.db'}"
    secrets = asyncio.run(seeded(url))
    app = served(url)
    config = configured(secrets["all"], sorted(app.openapi()["paths"]))
    schema = schemathesis.openapi.from_asgi(
        "/api/v1/openapi.json", app, config=config, timeout=PATIENCE_SECONDS
    )
    statuses: Counter[int] = Counter()
    checks: Counter[str] = Counter()
    found: list[str] = []
    try:
        for event in from_schema(schema).execute():
            match event:
                case ScenarioFinished():
                    found += failed(event)
                    for interaction in event.recorder.interactions.values():
                        statuses[interaction.response.status_code if interaction.response else 0] += 1
                    checks.update(c.name for made in event.recorder.checks.values() for c in made)
                case NonFatalError() as broken:
                    found.append(f"{broken.phase}: {broken.label}: {broken.info.format()}")
                case FatalError() as broken:
                    found.append("".join(format_exception(broken.exception)))
    finally:
        shutdown_lifespans()
    report(Figures(tried=statuses.total(), broken=len(found), seed=SEED))
    assert not found, "\n\n".join(found)
    assert statuses.total() >= LEAST_CALLS
    assert {200, 201, 202, 400, 401, 404, 409} <= set(statuses), statuses
    assert checks.keys() >= CHECKS, checks
