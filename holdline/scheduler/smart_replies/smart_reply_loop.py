"""The loop that asks a language model for answers. One transaction reads, the request runs outside a transaction,
another one answers.
"""

import asyncio
import logging

from holdline.desk.settings.service_days import SMART_REPLIES, note_service_problem, take_service_call
from holdline.desk.smart_replies.model import SmartJob, answer_by_choice, next_smart_job
from holdline.dialogs.smart_replies.model_answer import ask_for_choice, read_choice
from holdline.dialogs.tagging.service_answer import UnreadableAnswer
from holdline.scheduler.language_service import LanguageService, ServiceFailed
from holdline.scheduler.loops import tick_until
from holdline.store.engine import Store

TURN_SECONDS = 0.5

log = logging.getLogger("holdline.smart_replies")


class SmartReplyLoop:
    """A message whose process dies is asked about again; the customer never gets two answers."""

    def __init__(self, store: Store, service: LanguageService) -> None:
        self._store, self._service = store, service

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`. After a message the next one follows at once."""
        await tick_until(stop, self.tick, seconds=TURN_SECONDS, logger=log)

    async def tick(self) -> int:
        """Returns the number of messages that were processed."""
        job = await self._store.read(next_smart_job)
        if job is None:
            return 0
        chosen = await self._ask(job)
        await self._store.act(answer_by_choice, job=job, reply_id=chosen)
        return 1

    async def _ask(self, job: SmartJob) -> int | None:
        """Returns None if the model chose nothing, cannot be understood or reached, or the daily budget is spent."""
        store, service = self._store, self._service
        if not job.replies:
            return None
        if not await store.act(take_service_call, service=SMART_REPLIES, most=service.calls_a_day):
            return None
        problem, chosen = "", None
        try:
            answer = await service.ask(ask_for_choice(job.text, job.replies))
            chosen = read_choice(answer, {reply.id for reply in job.replies})
        except UnreadableAnswer:
            problem = "the answer is not the JSON asked for"
        except ServiceFailed as failed:
            problem = str(failed)
        await store.act(note_service_problem, service=SMART_REPLIES, problem=problem)
        if problem:
            log.warning("no smart reply to message %s: %s", job.message_id, problem)
        return chosen
