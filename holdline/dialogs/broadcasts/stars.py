"""What a broadcast pays for calls above Telegram's free pace: a tenth of a Star for each message (Bots FAQ)."""

from dataclasses import dataclass

TENTHS = 10
MOST_STARS = 1_000_000
"""The largest budget of one broadcast."""
SPENT = "spent"
FLOODS_ENOUGH = 3
"""After this many paid calls that Telegram postponed anyway, it evidently accepts no payment from this bot."""


@dataclass(frozen=True, slots=True)
class StarsBudget:
    """In tenths of a Star. `stopped_reason`: why the broadcast stopped paying, `spent` or Telegram's words; None while
    it pays.
    """

    budget: int
    spent: int = 0
    stopped_reason: str | None = None

    @property
    def left(self) -> int:
        """What may still be spent: nothing once it has stopped."""
        return 0 if self.stopped_reason is not None else self.budget - self.spent


def stars_text(tenths: int) -> str:
    """Stars as text: 123 becomes 12.3, and 120 becomes 12."""
    whole, tenth = divmod(tenths, TENTHS)
    return f"{whole}.{tenth}" if tenth else str(whole)
