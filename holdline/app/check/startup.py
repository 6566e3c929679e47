"""The checks at the start: who the bot is, and whether the staff group can hold dialogs."""

import asyncio

import structlog

from holdline.app.check.group import look_at_group
from holdline.app.check.telegram import Bot, bot_of
from holdline.app.settings import Settings
from holdline.bot.intake.bot_api import BotApiCaller
from holdline.bot.intake.interruptible import run_unless_stopped
from holdline.desk.delivery.former_groups import leave_former_groups
from holdline.desk.delivery.group_arrival import show_desk_in_group
from holdline.desk.delivery.group_health import record_group_state
from holdline.desk.delivery.group_migration import migrate_staff_group
from holdline.desk.notices.places import GROUPS_BELL, staff_group
from holdline.scheduler.loops import Fatal
from holdline.store.engine import Store
from holdline.store.people import bots
from holdline.telegram.group_rights import PRESENCE

AGAIN_SECONDS, TROUBLE_SECONDS, LATER_SECONDS = 15.0, 60.0, 3600.0
"""Pauses: while Telegram does not answer; while the group lacks something, which may be corrected without an update;
otherwise.
"""

log = structlog.get_logger("introduction")


class StartupChecks:
    """Run at the start and every hour, because rights and topics of the group can change at any time."""

    def __init__(self, store: Store, settings: Settings, ask: BotApiCaller) -> None:
        self._store, self._ask = store, ask
        self._configured = settings.telegram.staff_group
        self._pause = AGAIN_SECONDS
        self._logged = ""

    async def at_start(self) -> None:
        """Raises Fatal only for a refused token. Without the group customers' messages are still accepted."""
        group = await self._store.read(staff_group)
        if group != self._configured:
            self._log_move(group)
        refused = await self._look()
        if refused is not None:
            raise Fatal(refused)

    async def run(self, stop: asyncio.Event) -> None:
        """Repeats the check until `stop`, and at once when the group moved or refuses topics. Logs problems."""
        while not stop.is_set():
            await run_unless_stopped(stop, self._store.bells.wait(GROUPS_BELL, self._pause))
            if stop.is_set():
                return
            refused = await self._look()
            if refused is not None:
                log.error("set_up_wrong", reason=refused)

    async def _look(self) -> str | None:
        """Returns the sentence about a refused token, otherwise None."""
        self._pause = AGAIN_SECONDS
        bot, finding = await bot_of(self._ask)
        if bot is None:
            log.warning(finding.code, reason=finding.sentence)
            return finding.sentence if finding.code == "token_refused" else None
        await self._store.act(bots.save, username=bot.username, topics_in_private=bot.topics_in_private)
        self._pause = LATER_SECONDS
        if group := await self._store.read(staff_group):
            await self._look_at(group, bot)
        else:
            await self._store.act(leave_former_groups)
        return None

    async def _look_at(self, group: int, bot: Bot) -> None:
        view = await look_at_group(self._ask, group, bot.id)
        if view.group != group:
            await self._store.act(migrate_staff_group, old_chat_id=group, new_chat_id=view.group)
            self._log_move(view.group)
        if view.lacks is None:
            self._pause = AGAIN_SECONDS
            return
        await self._store.act(record_group_state, chat_id=view.group, lacks=view.lacks)
        if PRESENCE not in view.lacks:
            await self._store.act(leave_former_groups)
            await self._store.act(show_desk_in_group)
        if view.lacks:
            self._pause = TROUBLE_SECONDS
            if self._logged != view.finding.sentence:
                log.error("staff_group_unusable", reason=view.finding.sentence, hint=view.finding.mend)
        self._logged = view.finding.sentence

    def _log_move(self, group: int) -> None:
        hint = f"Write staff_group = {group} into [telegram]; until then Holdline uses the new id by itself."
        log.warning("staff_group_moved", configured=self._configured, now=group, hint=hint)
