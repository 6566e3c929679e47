"""What every section of the configuration is, and how addresses in it look."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict


def is_http(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_smtp(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class Section(BaseModel):
    """A key that nobody knows is a spelling mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
