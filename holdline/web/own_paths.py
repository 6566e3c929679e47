"""Holdline's own paths, so that Telegram's webhook gets a different one. A small module, because the configuration
imports it.
"""

from urllib.parse import unquote, urlsplit

PROBES = frozenset({"/healthz", "/readyz", "/metrics", "/status", "/docs"})
API = "/api/v1"


def webhook_path(url: str) -> str:
    """The path as the web server passes it on, with percent signs decoded."""
    return unquote(urlsplit(url).path) or "/"


def is_own_path(path: str) -> bool:
    """Repeated and trailing slashes do not make a different path."""
    plain = "/" + "/".join(part for part in path.split("/") if part)
    return plain in PROBES or plain == API or plain.startswith(API + "/")
