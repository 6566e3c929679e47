"""The chore of retention: a few windows at a turn, so that no transaction is long and the desk goes on."""

from datetime import timedelta

from holdline.dialogs.privacy.retention import KINDS, Retention
from holdline.store.engine import Store
from holdline.store.privacy.retention import keep_no_longer

WINDOWS_AT_A_TURN = 10
FROM_THE_START = timedelta(hours=6)
"""How often a table is gone through again from its oldest row; a long one is gone through to its end first."""


class Retainer:
    """`work()` is one turn. Its position is not stored: after a restart it begins from the first window."""

    def __init__(self, store: Store, retention: Retention) -> None:
        self._store, self._retention = store, retention
        self._after = dict.fromkeys(KINDS, 0)
        self._begun_at = dict.fromkeys(KINDS, store.clock.now())

    async def work(self) -> int:
        """Returns how many rows changed."""
        return sum([await self._go_on(kind) for kind in KINDS])

    async def _go_on(self, kind: str) -> int:
        kept_for, changed = self._retention.time_of(kind), 0
        if kept_for is None:
            return 0
        now = self._store.clock.now()
        before = now - kept_for
        for _ in range(WINDOWS_AT_A_TURN):
            last, touched = await self._store.act(keep_no_longer, kind, before, self._after[kind])
            changed += touched
            if last is None:
                if now - self._begun_at[kind] >= FROM_THE_START:
                    self._after[kind], self._begun_at[kind] = 0, now
                break
            self._after[kind] = last
        return changed
