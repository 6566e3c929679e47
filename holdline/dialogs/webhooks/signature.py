"""Signatures as standardwebhooks.com writes them: base64 of an HMAC-SHA256 over id, time and body."""

import base64
import hmac

SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32
"""The rules ask for 24 to 64."""


def secret_of(random_bytes: bytes) -> str:
    """As it is shown to its owner."""
    return SECRET_PREFIX + base64.b64encode(random_bytes).decode("ascii")


def sign(secret: str, *, message_key: str, timestamp: int, body: str) -> str:
    """For the header webhook-signature; `timestamp`: seconds since 1970, of this try."""
    signing_key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = hmac.digest(signing_key, f"{message_key}.{timestamp}.{body}".encode(), "sha256")
    return "v1," + base64.b64encode(signed).decode("ascii")
