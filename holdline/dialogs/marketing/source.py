"""The source of a marketing message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarketingSource:
    """At most one of the three ids is set. `topic` is the topic that the customer may unsubscribe from alone."""

    broadcast_id: int | None = None
    enrolment_id: int | None = None
    api_key_id: int | None = None
    topic: str | None = None


UNKNOWN_SOURCE = MarketingSource()
"""For messages that are not marketing, and for those accepted before sources were stored."""
