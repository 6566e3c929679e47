"""The start's questions to Telegram: who the bot is, and whether the staff group can hold dialogs."""

import asyncio

import structlog

from holdline.app.findings import ERROR
from holdline.app.settings import Settings
from holdline.app.telegram_check import bot_of, group_findings
from holdline.bot.intake.telegram import Calls
from holdline.scheduler.loops import Fatal, stopped_within
from holdline.store import bots
from holdline.store.engine import Store

AGAIN_SECONDS, LATER_SECONDS = 15.0, 3600.0

log = structlog.get_logger("introduction")


class Introduction:
    """Asked at the start and every hour: rights are taken away and topics switched on while we run."""

    def __init__(self, store: Store, settings: Settings, ask: Calls) -> None:
        self._store, self._settings, self._ask = store, settings, ask
        self._answered = False

    async def at_start(self) -> None:
        """Fatal in words for a refused token or a group that cannot work; silence of Telegram stops nobody."""
        wrong = await self._wrong()
        if wrong is not None:
            raise Fatal(wrong)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what goes wrong later is an alarm in the log."""
        while not await stopped_within(stop, LATER_SECONDS if self._answered else AGAIN_SECONDS):
            wrong = await self._wrong()
            if wrong is not None:
                log.error("set_up_wrong", reason=wrong)

    async def _wrong(self) -> str | None:
        bot, known = await bot_of(self._ask)
        self._answered = bot is not None or known.code == "token_refused"
        if bot is None:
            log.warning(known.code, reason=known.sentence)
            return known.sentence if self._answered else None
        await self._store.act(bots.introduced, username=bot.username, topics_in_private=bot.topics_in_private)
        for found in await group_findings(self._ask, self._settings, bot):
            if found.level == ERROR and found.code != "telegram_silent":
                return found.sentence
        return None
