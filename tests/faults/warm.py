"""Loaded by the fork server only: the slow imports and objects of every start of the program."""

from importlib import import_module

from holdline.app.tuning import quick_imports

SLOW_TO_IMPORT = (
    "holdline.app.main",
    "holdline.app.run_desk",
    "holdline.app.doctor",
    "holdline.web.webhook_endpoint",
    "holdline.store.engines.postgres",
    "psycopg_pool",
    "uvicorn.protocols.http.httptools_impl",
    "tests.faults.victims",
)

with quick_imports():
    for name in SLOW_TO_IMPORT:
        import_module(name)
    import_module("holdline.app.intake_loop").desk_dispatcher()
    import_module("holdline.web.app").api_routes()
