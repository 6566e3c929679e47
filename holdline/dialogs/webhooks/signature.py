"""Signatures as defined by standardwebhooks.com: base64 of an HMAC-SHA256 over id, time and body."""

import base64
import hmac

SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64."""


def secret_of(random_bytes: bytes) -> str:
    """The secret as it is shown to its owner."""
    return SECRET_PREFIX + base64.b64encode(random_bytes).decode("ascii")


def sign(secret: str, *, message_key: str, timestamp: int, body: str) -> str:
    """The value of the header webhook-signature. `timestamp` is the time of this attempt, in seconds since 1970."""
    signing_key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = hmac.digest(signing_key, f"{message_key}.{timestamp}.{body}".encode(), "sha256")
    return "v1," + base64.b64encode(signed).decode("ascii")
