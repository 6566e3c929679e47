"""The loop that tags closed dialogs. One transaction reads, the question runs outside a transaction,
another one tags.
"""

import asyncio
import logging
from pathlib import Path

from holdline.desk.settings.service_days import TAGS, note_service_problem, take_service_call
from holdline.desk.tagging import placing
from holdline.desk.tagging.placing import TagJob
from holdline.desk.tagging.training import restart_trainings
from holdline.dialogs.tagging.model_state import MODEL, MOST_TAGS, SERVICE
from holdline.dialogs.tagging.service_answer import UnreadableAnswer, question, read_answer
from holdline.scheduler.language_service import LanguageService, ServiceFailed
from holdline.scheduler.loops import is_stopped_within, tick_until
from holdline.scheduler.tagging.tagger_process import Tagger, TaggerFailed
from holdline.scheduler.tagging.training import train_next
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable

TURN_SECONDS, TRAINING_TURN_SECONDS, IDLE_TURNS = 1.0, 3.0, 60

log = logging.getLogger("holdline.tagging")


class TaggingLoop:
    """A separate loop, so that a slow answer delays nothing else. `folder`: where models are kept."""

    def __init__(self, store: Store, folder: Path, service: LanguageService | None = None) -> None:
        self._store, self._folder, self._service = store, folder, service
        self.tagger, self._idle = Tagger(), 0

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`. After a dialog the next one follows at once."""
        try:
            await tick_until(stop, self.tick, seconds=TURN_SECONDS, logger=log)
        finally:
            await self.tagger.close()

    async def tick(self) -> int:
        """Returns the number of dialogs that were processed. The tagger's process ends after a quiet minute."""
        job = await self._store.read(placing.next_job)
        if job is None:
            self._idle += 1
            if self._idle == IDLE_TURNS:
                await self.tagger.close()
            return 0
        self._idle = 0
        try:
            tag_ids, source = await self._ask_model(job), MODEL
            if not tag_ids and job.asks_service:
                tag_ids, source = await self._ask_service(job), SERVICE
        except (TaggerFailed, ServiceFailed) as failed:
            log.warning("dialog %s waits for its tags: %s", job.dialog_id, failed)
            await self._store.act(placing.postpone_job, dialog_id=job.dialog_id)
        else:
            await self._store.act(placing.place_tags, job=job, tag_ids=tag_ids, source=source)
        return 1

    async def _ask_model(self, job: TagJob) -> list[int]:
        model = job.model
        if model is None or not job.text or model.file is None or model.checksum is None:
            return []
        found = await self.tagger.find(
            job.text,
            file=self._folder / model.file,
            checksum=model.checksum,
            threshold=job.threshold,
            most=MOST_TAGS,
        )
        return [int(tag) for tag, _ in found if int(tag) in job.allowed]

    async def _ask_service(self, job: TagJob) -> list[int]:
        """Asks the service if the model suggested nothing and the budget is not spent."""
        service = self._service
        if service is None or not job.text or not job.allowed:
            return []
        if not await self._store.act(take_service_call, service=TAGS, most=service.calls_a_day):
            return []
        try:
            answer = await service.ask(question(job.text, job.allowed.values()))
            tag_ids = read_answer(answer, job.allowed)
        except UnreadableAnswer:
            await self._store.act(
                note_service_problem, service=TAGS, problem="the answer is not the JSON asked for"
            )
            return []
        except ServiceFailed as failed:
            await self._store.act(note_service_problem, service=TAGS, problem=str(failed))
            raise
        await self._store.act(note_service_problem, service=TAGS, problem="")
        return tag_ids


class TrainingLoop:
    """Runs requested trainings one at a time. A training of a dead process is started again."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`, which also ends a training; it is repeated at the next start."""
        await self._store.act(restart_trainings)
        while not await is_stopped_within(stop, TRAINING_TURN_SECONDS):
            try:
                await self._train_unless_stopped(stop)
            except* StoreUnavailable as broken:
                log.warning("training waits: %s", broken.exceptions[0])

    async def _train_unless_stopped(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            work = group.create_task(train_next(self._store, self._folder))
            stopping = group.create_task(stop.wait())
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            work.cancel()
            stopping.cancel()
