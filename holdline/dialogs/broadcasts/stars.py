"""What a broadcast pays for calls above Telegram's free pace: a tenth of a Star for each message (Bots FAQ)."""

from dataclasses import dataclass

TENTHS = 10
MOST_STARS = 1_000_000
"""Of one broadcast."""
SPENT = "spent"
FLOODS_ENOUGH = 3
"""So many calls that paid and were put off all the same: Telegram takes no payment of this bot."""


@dataclass(frozen=True, slots=True)
class StarsBudget:
    """In tenths of a Star. `stopped_reason`: why it pays no more, `spent` or Telegram's words; None while it does."""

    budget: int
    spent: int = 0
    stopped_reason: str | None = None

    @property
    def left(self) -> int:
        """Nothing once it has stopped."""
        return 0 if self.stopped_reason is not None else self.budget - self.spent


def stars_text(tenths: int) -> str:
    """123 is 12.3, 120 is 12."""
    whole, tenth = divmod(tenths, TENTHS)
    return f"{whole}.{tenth}" if tenth else str(whole)
