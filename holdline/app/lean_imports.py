"""Imports that a running desk can do without."""

import sys


def leave_out_rich() -> None:
    """Call it before anything imports structlog, which imports rich only to colour tracebacks on a terminal. The desk
    writes JSON; without rich it needs ten megabytes less.
    """
    if "structlog" in sys.modules or "rich" in sys.modules:
        return
    sys.modules["rich"] = None  # type: ignore[assignment] # an import of it now fails, which structlog expects
    try:
        import structlog  # noqa: F401, PLC0415
    finally:
        del sys.modules["rich"]
