"""Validates the address and the secret of a webhook."""

import ipaddress
import re
from urllib.parse import urlsplit

from holdline.sandbox.errors import refusal

PORTS = {80, 88, 443, 8443}
SECRET_MOST = 256


def validate_address(url: str) -> str:
    """As strict as the hosted server, except that addresses of this machine may use any port and plain HTTP."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refusal("webhook_url_invalid") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", url):
        raise refusal("webhook_url_invalid")
    if _of_this_machine(parts.hostname):
        return url
    if parts.scheme != "https":
        raise refusal("webhook_bad", reason="An HTTPS URL must be provided for webhook")
    if (port or 443) not in PORTS:
        raise refusal("webhook_bad", reason="Webhook can be set up only on ports 80, 88, 443 or 8443")
    raise refusal(
        "webhook_bad", reason="Failed to resolve host: this local server reaches loopback addresses only"
    )


def _of_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def validate_secret(secret: str) -> str:
    if len(secret) > SECRET_MOST:
        raise refusal("webhook_secret_long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise refusal("webhook_secret_chars")
    return secret
