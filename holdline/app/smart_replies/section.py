"""The section `smart_replies` of the configuration."""

from pydantic import Field

from holdline.app.section import ServiceSection


class SmartRepliesSection(ServiceSection):
    """A service that may choose an answer if no question is similar enough. The customer waits for it."""

    service_seconds: float = Field(default=10, ge=1, le=60, allow_inf_nan=False)
