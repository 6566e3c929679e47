"""A whole desk in this process, as the program wires it, that takes whatever is put into its inbox."""

import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from holdline.app.intake_loop import desk_dispatcher
from holdline.bot.dispatcher import build_feed
from holdline.bot.handlers.albums import AlbumLoop
from holdline.bot.intake.quarantine_report import report_quarantined
from holdline.bot.intake.worker import Worker
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.sender import Sender
from holdline.screens.render import render
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.intake import inbox
from holdline.store.intake.received_update import update_from_value
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from holdline.telegram.call import Call, CallResult, Reply
from tests.bot.staging import ADMIN, GROUP
from tests.conftest import BOT

RULES = DeskRules(
    staff_group=GROUP,
    admins=(ADMIN,),
    undo_seconds=0,
    per_second=0,
    per_chat_per_second=0,
    group_per_minute=0,
)
IDLE_ROUNDS, MOST_ROUNDS = 8, 400


class Taking:
    """Telegram as it takes everything, without a network. `shown` counts what was asked for with these words in it."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self._ids = count(100)

    async def send(self, call: Call, *, seconds: float | None = None) -> CallResult:
        self.sent.append(self._written(call))
        listed = {"sendMediaGroup": "media", "copyMessages": "message_ids"}.get(call.method)
        result: Any = {"message_id": next(self._ids)}
        if call.method == "createForumTopic":
            result = {"message_thread_id": next(self._ids)}
        elif listed:
            result = [{"message_id": next(self._ids)} for _ in call.params[listed]]
        return Reply(200, {"ok": True, "result": result})

    async def send_ephemeral(self, call: Call) -> object:
        self._written(call)
        return True

    @staticmethod
    def _written(call: Call) -> str:
        """As the gateway writes it onto the wire: what cannot be written raises."""
        return json.dumps(call.params)


@dataclass
class Flooded:
    """`put` counts the rows that the inbox took."""

    store: Store
    clock: ManualClock
    telegram: Taking = field(default_factory=Taking)
    put: int = 0

    def __post_init__(self) -> None:
        feed = build_feed(desk_dispatcher(), BOT, store=self.store, gateway=self.telegram)
        self._worker = Worker(self.store, feed, report_quarantined=report_quarantined)
        self._albums = AlbumLoop(self.store, self.telegram)
        self._sender = Sender(
            self.store, render=render, gateway=self.telegram, clock=self.clock.monotonic, in_flight=32
        )

    async def comes(self, *updates: object) -> None:
        """As the poll stores them."""
        self.put += await self.store.act(inbox.put, [update_from_value(update) for update in updates])

    async def works(self) -> None:
        """Until there is nothing to handle and nothing to send, the clock moved by hand."""
        idle = 0
        for _ in range(MOST_ROUNDS):
            busy = await self._worker.tick() + await self._albums.tick() + await self._sender.tick()
            idle = 0 if busy else idle + 1
            if idle == IDLE_ROUNDS:
                return
            if not busy:
                self.clock.advance(1)
        raise AssertionError(f"still at work: {await self._left()}")

    async def _left(self) -> list[dict[str, Any]]:
        """What is at work for ever, for the sentence of a failed test."""
        return await self.store.read(
            lambda tx: [
                *tx.all("SELECT update_id, attempts, reason, raw FROM inbox WHERE state = 'new' LIMIT 5"),
                *tx.all(
                    "SELECT kind, error, uncertain, payload_json FROM outbox WHERE status = 'queued' LIMIT 5"
                ),
            ]
        )

    async def ends(self) -> Counter[str]:
        """How many rows of the inbox ended how; "new" is stuck."""
        found = await self.store.read(
            lambda tx: tx.all("SELECT state, COUNT(*) AS n FROM inbox GROUP BY state")
        )
        return Counter({row["state"]: int(row["n"]) for row in found})

    async def failures(self) -> Counter[str]:
        """Why rows are in quarantine whose decoding is not the reason: a handler broke."""

        def read(tx: Tx) -> list[dict[str, Any]]:
            return tx.all(
                "SELECT reason FROM inbox WHERE state = 'quarantined' AND attempts > 0"
                " AND reason NOT LIKE 'cannot be decoded%'"
            )

        return Counter(row["reason"] for row in await self.store.read(read))

    async def unsent(self) -> list[dict[str, Any]]:
        """What still waits, or was parked because it could not be said."""
        return await self.store.read(
            lambda tx: tx.all(
                "SELECT kind, status, error FROM outbox WHERE status IN ('queued', 'sending', 'parked') LIMIT 20"
            )
        )

    async def examined(self) -> list[str]:
        """What the doctor finds."""
        return [violation.name for violation in await self.store.read(find_violations)]
