"""Records in the store whether Telegram delivers updates, for probes and administrators of all processes."""

from collections.abc import Callable
from datetime import datetime

import structlog

from holdline.bot.intake.bot_api import BotApiResponse
from holdline.desk.health.intake_health import record_intake_failure, record_intake_success
from holdline.store.engine import Store
from holdline.store.errors import StoreConflict, StoreUnavailable
from holdline.store.tx import Tx

CONFLICT = 409

log = structlog.get_logger("intake")


class IntakeHealthRecorder:
    """One for each intake. If the store is unavailable nothing is lost, because the next result is recorded again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._failed_since: datetime | None = None
        self._is_stored_well = False

    async def record_failure(self, answer: BotApiResponse) -> None:
        """Telegram delivered no updates."""
        self._failed_since = since = self._failed_since or self._store.clock.now()
        self._is_stored_well = False
        reason, rival = answer.description or f"error {answer.code}", answer.code == CONFLICT

        def refused(tx: Tx) -> None:
            record_intake_failure(tx, reason=reason, since=since, rival=rival)

        await self._store_fact(refused)

    async def record_success(self) -> None:
        """Telegram delivers updates. This is stored once after each failure."""
        self._failed_since = None
        if not self._is_stored_well:
            self._is_stored_well = await self._store_fact(record_intake_success)

    async def _store_fact(self, fact: Callable[[Tx], None]) -> bool:
        try:
            await self._store.act(fact)
        except (StoreUnavailable, StoreConflict) as broken:
            log.warning("reception_not_stored", reason=str(broken))
            return False
        return True
