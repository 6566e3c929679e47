"""Where a marketing message comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarketingSource:
    """At most one of the three ids is given; `topic`: what the customer may unsubscribe from by itself."""

    broadcast_id: int | None = None
    enrolment_id: int | None = None
    api_key_id: int | None = None
    topic: str | None = None


UNKNOWN_SOURCE = MarketingSource()
"""Of what is no marketing, and of what was accepted before sources were kept."""
