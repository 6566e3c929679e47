"""How a customer's yes or no to marketing came."""

from dataclasses import dataclass
from typing import Any

from holdline.dialogs.event import Actor
from holdline.dialogs.refusal import DeskError


@dataclass(frozen=True, slots=True)
class ConsentBy:
    """`how`: start, stop, button, api or card; `words`: what the customer wrote, or what stood on the button."""

    actor: Actor
    how: str
    words: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """For the event, from which the ledger takes it."""
        return {"how": self.how, **({"words": self.words} if self.words else {})}


class TopicStopped(DeskError):
    """The customer wants nothing more of this topic; other marketing may be sent to them."""

    def __init__(self, topic: str) -> None:
        super().__init__("opted_out", obj={"type": "topic", "name": topic}, topic=topic)

    @property
    def text_key(self) -> str:
        return "refusals.topic_stopped"
