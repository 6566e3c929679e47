"""An outage of Telegram: no calls except probes, with growing pauses."""

FIRST_SECONDS, LONGEST_SECONDS = 3.0, 45.0
TOKEN_SECONDS = 60.0  # a revoked token is asked about at most once a minute
ONE_AT_A_TIME = 3  # so many doubts in a row, and only single calls try whether sending works again
LATELY_SECONDS = 120.0  # so long a row of failed calls is worth telling, although Telegram answers questions


class Outage:
    """`now` is a monotonic clock in seconds. Calm: calls may start. Otherwise: probe when `seconds_left` is 0."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.since: float | None = None
        self._faults = 0
        self._last_fault: tuple[float, str] = (float("-inf"), "")
        self._ask_at = 0.0
        self._pause = FIRST_SECONDS
        self._token = False

    @property
    def calm(self) -> bool:
        return self.reason is None

    @property
    def token(self) -> bool:
        """Whether Telegram refuses the token, so that waiting does not help."""
        return self._token

    @property
    def careful(self) -> bool:
        """Whether Telegram answers probes but has not accepted a message lately. Then one call is tried at a time."""
        return self._faults >= ONE_AT_A_TIME

    def trouble(self, now: float) -> str | None:
        """The problem for probes: Telegram does not answer, or it answers probes and accepts no message."""
        failed_at, reason = self._last_fault
        return self.reason or (reason if self.careful and now - failed_at < LATELY_SECONDS else None)

    def record_success(self) -> None:
        """A call succeeded."""
        self._faults = 0

    def record_failure(self, now: float, reason: str) -> None:
        """A call did not leave, or its answer was lost. After the first failure Telegram is probed at once."""
        self._faults += 1
        self._last_fault = (now, reason)
        if self.calm:
            self.since = now
            self._ask_at = now + (0.0 if self._faults == 1 else self._backoff_seconds())
        self.reason = reason

    def token_refused(self, now: float, reason: str) -> None:
        """Telegram does not know this bot. Everything is kept, and probes are rare."""
        if not self._token:
            self.since = now
        self._token, self.reason = True, reason
        self._ask_at = now + TOKEN_SECONDS

    def record_probe(self, now: float, *, answered: bool, token_refused: bool = False) -> None:
        """The result of a probe."""
        if answered:
            self.reason, self.since, self._token, self._pause = None, None, False, FIRST_SECONDS
            return
        self._token = self._token or token_refused
        if self._token:
            self._ask_at = now + TOKEN_SECONDS
            return
        self._ask_at = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_SECONDS)

    def seconds_left(self, now: float) -> float:
        return max(0.0, self._ask_at - now)

    def _backoff_seconds(self) -> float:
        return float(min(FIRST_SECONDS * 2 ** min(self._faults - 2, 10), LONGEST_SECONDS))
