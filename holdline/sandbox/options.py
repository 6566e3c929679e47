"""The options of a sandbox."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolAccess:
    """The address that an outside marketing tool calls, and its key."""

    base_url: str
    key: str


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """Times are in seconds; `*_kept` and `history_per_chat` limit the memory of a long run.

    `first_update` and `first_message` are the first numbers. A bot takes a number that it has seen for a repeat.
    """

    token: str = "123456:sandbox-token"
    username: str = "holdline_sandbox_bot"
    limits: bool = False
    check: bool = True
    seed_group: bool = True
    topics_in_private: bool = True
    staff: tuple[int, ...] = ()
    """The people who act as managers on the page if there is no staff group."""
    tool: ToolAccess | None = None
    on_language: Callable[[str], Awaitable[None]] | None = None
    """Called with the language of the page, so that a desk beside it can use the same."""
    calls_kept: int = 10_000
    events_kept: int = 20_000
    history_per_chat: int = 1_000
    files_kept_bytes: int = 256 * 1024 * 1024
    slow_short_polls: bool = True
    conflict_pause: float = 3.0
    webhook_retry_base: float = 1.0
    seed: int = 1
    first_update: int = 700_000_001
    first_message: int = 1

    @property
    def bot_id(self) -> int:
        """The number before the colon, as in a real token."""
        return int(self.token.partition(":")[0])
