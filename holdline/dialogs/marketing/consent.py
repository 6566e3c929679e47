"""How a customer agreed to marketing or refused it."""

from dataclasses import dataclass
from typing import Any

from holdline.dialogs.event import Actor
from holdline.dialogs.refusal import DeskError


@dataclass(frozen=True, slots=True)
class ConsentBy:
    """`how`: start, stop, button, api or card. `words`: what the customer wrote, or the text of the button."""

    actor: Actor
    how: str
    words: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """The data of the event, which the ledger copies."""
        return {"how": self.how, **({"words": self.words} if self.words else {})}


class TopicStopped(DeskError):
    """The customer unsubscribed from this topic. Other marketing may still be sent."""

    def __init__(self, topic: str) -> None:
        super().__init__("opted_out", obj={"type": "topic", "name": topic}, topic=topic)

    @property
    def text_key(self) -> str:
        return "refusals.topic_stopped"
