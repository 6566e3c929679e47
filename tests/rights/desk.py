"""The people of the matrix and their real ways in: updates through all handlers, requests through the whole API."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from holdline.app.intake_loop import desk_dispatcher
from holdline.bot.dispatcher import build_feed
from holdline.bot.intake.worker import Worker
from holdline.dialogs.manager import PERMISSIONS
from holdline.dialogs.refusal import NotAllowed
from holdline.store.engine import Store
from holdline.store.intake import inbox
from holdline.store.intake.received_update import update_from_value
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from holdline.texts import say
from tests.bot.desk_kit import Recorder
from tests.conftest import BOT

_NUMBERS = count(10_000)
_BECAUSE = (
    "not_allowed",
    "edit_of_sent",
    "left_desk",
    "own_draft",
    "not_your_draft",
    "not_handler",
    "template_of_team",
    "words_of_colleague",
)
_REFUSALS = {
    NotAllowed(permission, because=because).sentence("en")[:150]
    for because in _BECAUSE
    for permission in (*PERMISSIONS, "active", "draft.submit", "dialog.score")
} | {say("windows.not_yours", "en")}
_NOTHING = {say(f"customer.{key}", "en") for key in ("button_old", "solved_before", "solved_other_open")} | {
    say("manager.stranger_press", "en")
}
_NOT_FOUND = "Not found: "
_OF_CUSTOMERS = {"customer_started", "dialog_closed", "funnel_left", "marketing_stopped"}
"""What customers themselves leave in history."""


@dataclass(frozen=True)
class Outcome:
    """What became of one act.

    y: done, or shown · n: refused as not allowed · d: it became a draft · r: it became a request to those who may ·
    c: what customers have, too · -: nothing · ?: refused for another reason, so the scene is wrong.
    """

    letter: str
    detail: str = ""


class DeskPeople:
    """One desk; `update` lets something in and says what came of it."""

    def __init__(self, store: Store, client: httpx.AsyncClient) -> None:
        self.store, self.client, self.gateway = store, client, Recorder()
        self._worker = Worker(store, build_feed(desk_dispatcher(), BOT, store=store, gateway=self.gateway))

    async def update(self, person: int, *, works_here: bool, **kinds: Any) -> Outcome:
        """`works_here`: else only what every customer has may come of it."""
        number = next(_NUMBERS)
        self.gateway.calls.clear()
        before = await self.store.read(_marks)
        raw = update_from_value({"update_id": number, **kinds})
        await self.store.act(inbox.put, [raw])
        await self._worker.tick()
        after = await self.store.read(_changes_since, before=before, update_id=number)
        assert after.ended in ("done", "ignored"), after.ended
        outcome = _judge(after, self.gateway.calls)
        if works_here or outcome.letter in "-n":
            return outcome
        shown = [row for row in after.said if row["chat_id"] == person and row["audience"] != "customer"]
        assert not shown and after.kinds <= _OF_CUSTOMERS, (shown, after.kinds)
        return Outcome("c", outcome.detail)

    async def call(self, method: str, url: str, key: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"}
        return await self.client.request(method, url, headers=headers, **request)


@dataclass(frozen=True)
class Changes:
    """What an update has left: lines of history by kind, and what is about to be said."""

    ended: str
    kinds: frozenset[str]
    said: tuple[Row, ...]


def _marks(tx: Tx) -> tuple[int, int]:
    row = tx.one(
        "SELECT COALESCE((SELECT MAX(id) FROM history), 0) AS h, COALESCE((SELECT MAX(id) FROM outbox), 0) AS o"
    )
    assert row is not None
    return row["h"], row["o"]


def _changes_since(tx: Tx, *, before: tuple[int, int], update_id: int) -> Changes:
    ended = tx.one("SELECT state FROM inbox WHERE update_id = :id", id=update_id)
    assert ended is not None
    kinds = tx.all("SELECT kind FROM history WHERE id > :h", h=before[0])
    said = tx.all(
        "SELECT kind, chat_id, audience, key, payload_json FROM outbox WHERE id > :o ORDER BY id", o=before[1]
    )
    return Changes(ended["state"], frozenset(row["kind"] for row in kinds), tuple(said))


def _judge(after: Changes, calls: list[Call]) -> Outcome:
    texts = [str(call.params.get("text", "")) for call in calls]
    answers = [str(row["payload_json"].get("text", "")) for row in after.said if row["kind"] == "text"]
    heard = [text for text in (*texts, *answers) if text]
    if any(text.startswith(refusal[:150]) for text in heard for refusal in _REFUSALS):
        assert not after.kinds, f"refused, and yet {after.kinds}"
        return Outcome("n", heard[-1])
    if "draft_submitted" in after.kinds:
        return Outcome("d")
    if "close_requested" in after.kinds:
        return Outcome("r")
    if not after.kinds and all(text in _NOTHING or text.startswith(_NOT_FOUND) for text in heard):
        silent = not heard and (after.said or len(calls) > 1)
        return Outcome("y" if silent else "-", " ".join(heard))
    if any(row["key"].startswith("refused") for row in after.said):
        return Outcome("?", heard[-1])
    return Outcome("y", " ".join(heard))
