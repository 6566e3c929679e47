"""Which paths are ours, so that Telegram's webhook gets another one. Light, because the configuration asks."""

from urllib.parse import unquote, urlsplit

PROBES = frozenset({"/healthz", "/readyz", "/metrics", "/status", "/docs"})
API = "/api/v1"


def webhook_path(url: str) -> str:
    """As the web server hands it over: percent signs are decoded."""
    return unquote(urlsplit(url).path) or "/"


def is_own_path(path: str) -> bool:
    """Doubled and trailing slashes make no other address of it."""
    plain = "/" + "/".join(part for part in path.split("/") if part)
    return plain in PROBES or plain == API or plain.startswith(API + "/")
