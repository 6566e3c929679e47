"""The loop that asks a language model for an answer: read in one transaction, asked in none, answered in another."""

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
    """Each message is asked about once: a process that dies meanwhile asks again, and no customer hears it twice."""

    def __init__(self, store: Store, service: LanguageService) -> None:
        self._store, self._service = store, service

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; one that was asked about is followed by the next at once."""
        await tick_until(stop, self.tick, seconds=TURN_SECONDS, logger=log)

    async def tick(self) -> int:
        """How many messages were looked at."""
        job = await self._store.read(next_smart_job)
        if job is None:
            return 0
        chosen = await self._ask(job)
        await self._store.act(answer_by_choice, job=job, reply_id=chosen)
        return 1

    async def _ask(self, job: SmartJob) -> int | None:
        """None where it chose nothing, cannot be understood or reached, or the day's budget is spent."""
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
