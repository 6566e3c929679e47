"""One claimed update through its handler, and its end written down whatever happened."""

import asyncio
import json
import random
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from holdline.bot.intake.interruptible import BackOff, pause
from holdline.bot.work import Work
from holdline.dialogs.refusal import DeskError
from holdline.store.engine import Store
from holdline.store.errors import NotNumberedYet, StoreUnavailable, is_passing
from holdline.store.intake import inbox
from holdline.store.intake.inbox import Claim, OutOfTurn
from holdline.store.intake.inbox_jobs import WORN, Claimed
from holdline.store.tx import Tx

Feed = Callable[[dict[str, Any], Work], Awaitable[None]]
Tell = Callable[[Tx, Claim, str], None]

NUMBER_SECONDS = 0.2
"""How soon an update is looked at again that is about a message which is being sent."""
LONGEST_PAUSE_SECONDS = 16.0
"""How long an update waits for the store between two tries at the most."""

log = structlog.get_logger("intake")


class Undecodable(Exception):
    """No retry can help: the update does not have a shape we know; the sentence quotes nothing of it."""


class Handling:
    """Handles claims one by one; `tell` runs in the transaction of a quarantine, to say so to a person."""

    def __init__(self, store: Store, feed: Feed, *, limit_seconds: float, tell: Tell | None) -> None:
        self._store = store
        self._feed = feed
        self._limit = limit_seconds
        self._tell = tell
        self._put_off_before: dict[int, int] = {}
        self.hurried = asyncio.Event()

    async def handled(self, claim: Claim) -> bool:
        """Whether it is over with this row, so that its sender may go on."""
        over = await self._tried(claim)
        if over:
            self._put_off_before.pop(claim.row_id, None)
        return over

    async def _tried(self, claim: Claim) -> bool:
        work = Work(claim, self._store)
        try:
            async with asyncio.timeout(self._limit):
                await self._feed(_decoded(claim.raw), work)
                await self._left_over(work)
        except asyncio.CancelledError:
            await self.give_back([claim])
            raise
        except Exception as trouble:
            return await self._troubled(claim, work, trouble)
        return True

    async def give_back(self, claims: list[Claim], *, seconds: float = 0) -> None:
        """Not tried in earnest: the attempt does not count."""
        if claims:
            await self._written(lambda tx: inbox.released(tx, claims, seconds=seconds))

    async def claimed(self, claim: Callable[[Tx], Claimed]) -> Claimed:
        """What may be handled now; what has worn out is told in the same transaction."""

        def told(tx: Tx) -> Claimed:
            found = claim(tx)
            tx.redo_if_lost()
            for worn in found.worn:
                self._say(tx, worn, WORN)
            return found

        try:
            found = await self._store.act(told)
        except Exception as untold:
            if is_passing(untold):
                raise
            log.error("quarantine_untold", reason=_where(untold))  # noqa: TRY400 - a trace may quote people
            found = await self._store.act(claim)
        for worn in found.worn:
            log.error("update_quarantined", update_id=worn.update_id, reason=WORN)
        return found

    async def _left_over(self, work: Work) -> None:
        """The handler returned; an act that failed and was hushed up is raised again."""
        if work.ended:
            return
        if work.refusal:
            await work.ignore(f"refused ({work.refusal.code}) and nobody answered")
        elif work.trouble:
            raise work.trouble
        else:
            await work.ignore("no handler wanted it")

    async def _troubled(self, claim: Claim, work: Work, trouble: Exception) -> bool:
        """What becomes of a row whose handler raised; the store's own no comes before what it led to."""
        if work.ended:
            log.warning("handler_failed_after_its_act", update_id=claim.update_id, reason=_where(trouble))
            return True
        refused = work.trouble
        passing = refused is not None and (isinstance(refused, OutOfTurn) or is_passing(refused))
        cause = refused if refused is not None and passing else trouble
        if is_passing(cause):
            await self._put_off(claim, cause)
            return False
        match cause:
            case OutOfTurn():
                await self.give_back([claim])
                return False
            case DeskError():
                await self._written(lambda tx: inbox.ignored(tx, claim, f"refused ({cause.code})"))
                return True
            case Undecodable():
                return await self._quarantined(claim, f"cannot be decoded: {cause}")
        return await self._failed(claim, self._said(cause))

    async def _put_off(self, claim: Claim, cause: Exception) -> None:
        """Not the update's fault, so no attempt is used up; again a little later each time, and not all at once."""
        times = self._put_off_before.get(claim.row_id, 0)
        seconds = NUMBER_SECONDS
        if not isinstance(cause, NotNumberedYet):
            self._put_off_before[claim.row_id] = times + 1
            seconds = min(LONGEST_PAUSE_SECONDS, 2.0**times) * random.uniform(0.5, 1)
        await self.give_back([claim], seconds=seconds)
        asyncio.get_running_loop().call_later(seconds, self._store.bells.ring, "inbox")

    async def _failed(self, claim: Claim, reason: str) -> bool:
        log.warning("update_failed", update_id=claim.update_id, attempt=claim.attempt, reason=reason)
        if claim.attempt >= inbox.ATTEMPTS:
            return await self._quarantined(claim, reason)
        await self._written(lambda tx: inbox.failed(tx, claim, reason))
        return False

    async def _quarantined(self, claim: Claim, reason: str) -> bool:
        def told(tx: Tx) -> bool:
            aside = inbox.quarantined(tx, claim, reason)
            if aside:
                self._say(tx, claim, reason)
            return aside

        try:
            aside = await self._written(told)
        except Exception as untold:
            log.error("quarantine_untold", update_id=claim.update_id, reason=_where(untold))  # noqa: TRY400 - a trace may quote people
            aside = await self._written(lambda tx: inbox.quarantined(tx, claim, reason))
        if aside:
            log.error("update_quarantined", update_id=claim.update_id, reason=reason)
        return True

    async def _written(self, change: Callable[[Tx], Any]) -> Any:
        """Until the store has it: a sender whose state could not be written must not go on.

        Once hurried it tries once; what stays unwritten counts as begun and not ended, and is found again.
        """
        waits = BackOff(0.2, 5)
        while True:
            try:
                return await self._store.act(change)
            except StoreUnavailable as broken:
                if not is_passing(broken):
                    raise
                if self.hurried.is_set():
                    return None
                await pause(self.hurried, waits.next())

    def _say(self, tx: Tx, claim: Claim, reason: str) -> None:
        if self._tell is not None:
            self._tell(tx, claim, reason)

    def _said(self, trouble: Exception) -> str:
        if isinstance(trouble, TimeoutError):
            return f"its handler took longer than {self._limit:g} s"
        return _where(trouble)


def _decoded(raw: str) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as broken:
        raise Undecodable(type(broken).__name__) from broken
    if not isinstance(value, dict):
        raise Undecodable("it is no JSON object")
    return value


def _where(trouble: Exception) -> str:
    """Kind and place, never the message: it may quote a customer."""
    frames = traceback.extract_tb(trouble.__traceback__)
    ours = [
        frame for frame in frames if "holdline" in frame.filename and "/site-packages/" not in frame.filename
    ]
    if not ours:
        return type(trouble).__name__
    last = ours[-1]
    return (
        f"{type(trouble).__name__} at {last.filename.rpartition('holdline/')[2]}:{last.lineno} in {last.name}"
    )
