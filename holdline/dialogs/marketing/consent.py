"""How a customer's yes or no to marketing came."""

from dataclasses import dataclass
from typing import Any

from holdline.dialogs.event import Actor


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
