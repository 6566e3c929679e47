"""Which links Telegram accepts in a button, by the rules of its own library (TDLib, LinkManager and parse_url)."""

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[\w-]+(\.[\w-]+)+\.?", re.UNICODE)
_TG_HOST = re.compile(r"[A-Za-z0-9_-]+")


def is_button_link(url: str) -> bool:
    """http and https need a host with a dot, or an address. tg:// needs a plain name and no port."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https", "tg") or any(sign.isspace() for sign in url):
        return False
    if parts.scheme == "tg":
        return bool(_TG_HOST.fullmatch(parts.netloc))
    if port == 0 or parts.netloc.endswith(":"):
        return False
    return ":" in host or bool(_HOST.fullmatch(host))
