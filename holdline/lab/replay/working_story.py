"""A recorded conversation in which the manager does everything a desk does in a day, over the API and by typing.

Its choices come from a separate random generator, so that those of the plain story stay the same.
"""

import asyncio
import random
from typing import Any

from holdline.lab.replay.promises import BrokenPromise
from holdline.lab.replay.recording import Conversation, Utterance
from holdline.lab.replay.stage import Stage
from holdline.lab.replay.story import Story, Tally
from holdline.lab.replay.witness import NeverHappened

TAG = "Replayed"
OTHER_WORK = 0.15
"""The share of turns that are a draft, a postponement or a bulk job. The first turn always is one."""
BULK_SECONDS = 30.0
_HISTORY_PAGE = 200


class WorkingStory(Story):
    """The manager assigns, tags, notes, approves drafts, postpones, runs bulk jobs, closes with reason and outcome."""

    def __init__(self, stage: Stage, conversation: Conversation, number: int, tally: Tally) -> None:
        super().__init__(stage, conversation, number, tally)
        self.will = random.Random(f"work:{stage.seed}:{number}")
        self.expected = {"dialog_opened", "dialog_closed"}
        self.number, self.worked = number, 0

    async def _open(self) -> None:
        await super()._open()
        colleague = self.will.choice([each for each in self.stage.managers if each != self.manager])
        for assignee in (colleague, self.manager):
            await self._do("POST", "assign", {"assignee_telegram_id": assignee}, "dialog_assigned")
        await self._do("PATCH", "", {"priority": "high", "tags": [TAG]}, "dialog_changed")

    async def _manager_turn(self, turn: Utterance) -> None:
        if turn.speaker == "action":
            self.account.never.append(turn.text)
            self.expected.add("note_created")
        works = (self._through_a_draft, self._postpone, self._act_on_many)
        if turn.speaker == "action" or (self.worked and self.will.random() >= OTHER_WORK):
            await super()._manager_turn(turn)
            return
        if self.state != "active":
            await self._move("active")
        self.worked += 1
        await works[(self.number + self.worked) % len(works)](turn)

    async def _through_a_draft(self, turn: Utterance) -> None:
        """A manager without `reply.direct` proposes a reply; a second manager sends it, sometimes with another text."""
        await self._quiet()
        proposal = self._once(turn.text, [])
        sent = self._once(turn.text, []) if self.will.random() < 0.3 else proposal
        draft = await self._do(
            "POST", "messages", {"text": proposal}, "draft_submitted", by=self.stage.trainee
        )
        approval: dict[str, Any] = {"manager_telegram_id": self.manager, "anyway": True}
        if sent != proposal:
            approval["text"] = sent
            self.account.never.append(proposal)
        await self.stage.ask("POST", f"drafts/{draft['id']}/approve", approval)
        self.account.replies.append(sent)
        self.expected |= {"draft_approved", "reply_given"}
        await self._quiet()

    async def _postpone(self, turn: Utterance) -> None:
        await self._do("POST", "postpone", {"by": {"days": self.will.randint(1, 9)}}, "dialog_changed")
        await super()._manager_turn(turn)

    async def _act_on_many(self, turn: Utterance) -> None:
        """Runs a bulk job on this dialog only, so that other stories keep their dialogs."""
        step = {"stage": "Awaiting review" if self.will.random() < 0.5 else "In handling"}
        order = {"manager_telegram_id": self.manager, "dialogs": [self.dialog_id], "do": step}
        job = await self.stage.ask("POST", "bulk", order)
        async with asyncio.timeout(BULK_SECONDS):
            while job["state"] != "done":
                await asyncio.sleep(0.05)
                job = await self.stage.ask("GET", f"bulk/{job['id']}")
        if job["refused"]:
            raise NeverHappened(f"the bulk job refused: {job['refused']}")
        await super()._manager_turn(turn)

    async def _end(self, score: int) -> None:
        """Closes with a reason and an outcome over the API. The customer's rating form shows that it is closed."""
        closing: dict[str, Any] = {
            "customer_score": score,
            "send_rating_form": True,
            "reason": "It is solved",
            "outcome": self.will.choice(("success", "failure")),
        }
        await self._do("POST", "close", closing, "dialog_closed")

    async def _close(self) -> list[BrokenPromise]:
        broken = await super()._close()
        lines = await self.stage.ask("GET", f"dialogs/{self.dialog_id}/history?limit={_HISTORY_PAGE}")
        missing = self.expected - {line["kind"] for line in lines["items"]}
        if missing and len(lines["items"]) < _HISTORY_PAGE:
            broken.append(BrokenPromise("history has a gap", f"{self.conversation.id}: {sorted(missing)}"))
        return broken

    async def _do(self, method: str, what: str, body: dict[str, Any], kind: str, *, by: int = 0) -> Any:
        """Makes one call about the dialog as this manager, and records the history line that it must produce."""
        path = f"dialogs/{self.dialog_id}" + (f"/{what}" if what else "")
        answer = await self.stage.ask(method, path, {"manager_telegram_id": by or self.manager, **body})
        self.expected.add(kind)
        return answer
