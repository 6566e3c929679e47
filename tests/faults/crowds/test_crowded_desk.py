"""Many at once on PostgreSQL: nobody waits for anybody crosswise, however many chats the desk has.

Customers write, an outside tool replies, and managers move dialogs, all without a pause. The managers work in their own
chats, so that every message concerns them all, or in a staff group.
"""

import asyncio
import json
import random
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from holdline.sandbox import SEED_GROUP
from tests.faults.figures import get_size
from tests.faults.ledger import asked
from tests.faults.scene import Scene, scene

CUSTOMERS = get_size("HOLDLINE_CROWD", 5)
REPLIES = 2 + CUSTOMERS // 2
SOON_SECONDS = 90.0
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
NOT_HANDLED = "SELECT reason FROM inbox WHERE state = 'quarantined' OR reason LIKE '%Conflict%'"


class Crowd:
    """The desk's people, and what each of them must have seen at the end."""

    def __init__(self, here: Scene, managers: list[int], group: int, *, words: int) -> None:
        self.here, self.managers, self.group, self.words = here, managers, group, words
        self.dice = here.dice
        self.customers = [530_000_000 + who for who in range(1, CUSTOMERS + 1)]
        self.promised: set[tuple[int, str]] = set()
        self._seq = 0
        self._found: set[tuple[int, str]] = set()
        self._shown: dict[int, list[str]] = defaultdict(list)

    async def moves_in(self) -> None:
        """Everybody has opened a chat with the bot."""
        for manager in self.managers:
            self.here.box.customer(manager, first_name=f"Manager {manager % 1000}", language_code="en")
            self.here.box.says(manager, "/start")
        await self.here.until_idle()

    async def talks(self, customer: int) -> None:
        """A whole dialog: words and replies at once, assigned back and forth, closed by two people at once."""
        box, ask = self.here.box, self.here.ask
        box.customer(customer, first_name=f"Guest {customer % 1000}", language_code="en")
        self.writes(customer, "hello")
        found: list[Any] = []
        while not found:
            found = (await ask("GET", f"customers?telegram_id={customer}"))["items"]
            await asyncio.sleep(0.02)
        order = {"customer_id": found[0]["id"], "title": f"Case {customer}", "participants": self.managers}
        dialog = (await ask("POST", "dialogs", order | self.by(), key=f"open-{customer}"))["id"]
        async with asyncio.TaskGroup() as group:
            group.create_task(self.keeps_writing(customer))
            group.create_task(self.keeps_replying(customer, dialog))
            for turn in range(4):
                group.create_task(self.assigns(dialog, turn))
        async with asyncio.TaskGroup() as group:
            for manager in self.managers[:2]:
                group.create_task(self.closes(dialog, manager))
            self.writes(customer, "thank you")

    async def keeps_writing(self, customer: int) -> None:
        for number in range(self.words):
            self.writes(customer, f"words {number}")
            await asyncio.sleep(0.01)

    async def keeps_replying(self, customer: int, dialog: int) -> None:
        for number in range(REPLIES):
            text = f"reply {number} for {customer}"
            order = {"text": text} | self.by()
            await self.here.ask("POST", f"dialogs/{dialog}/messages", order, key=f"reply-{customer}-{number}")
            self.promised.add((customer, text))

    async def assigns(self, dialog: int, turn: int) -> None:
        to = self.managers[turn % len(self.managers)]
        await self.asks_once("POST", f"dialogs/{dialog}/assign", {"assignee_telegram_id": to} | self.by())

    async def closes(self, dialog: int, manager: int) -> None:
        """Two do it at once: the second one is refused in words."""
        await self.asks_once("POST", f"dialogs/{dialog}/close", {"manager_telegram_id": manager})

    async def asks_once(self, method: str, path: str, order: dict[str, Any]) -> None:
        """Refused by the desk's rules perhaps, never by the store."""
        async with self.here.http.request(method, f"{self.here.api}/api/v1/{path}", json=order) as answer:
            assert answer.status in (200, 201, 409), (path, answer.status, await answer.text())

    def writes(self, customer: int, words: str) -> None:
        text = f"{words} from {customer}"
        self.here.box.says(customer, text)
        chats = [self.group] if self.group else self.managers
        self.promised |= {(chat, text) for chat in chats}

    def by(self) -> dict[str, int]:
        return {"manager_telegram_id": self.dice.choice(self.managers)}

    def missing(self) -> set[tuple[int, str]]:
        """What was promised and has not appeared, in the very chat."""
        for event in self.here.box.tg.events.since(self._seq):
            self._seq = event["seq"]
            if event["kind"] == "message" and event["data"]["from"]["is_bot"]:
                self._shown[event["data"]["chat"]["id"]].append(str(event["data"].get("text", "")))
        shown = {chat: "\n".join(texts) + "\n" for chat, texts in self._shown.items()}
        asked_for = self.promised - self._found
        missing = {(chat, text) for chat, text in asked_for if f"{text}\n" not in shown.get(chat, "")}
        self._found = self.promised - missing
        return missing


@pytest.mark.parametrize(("managers", "group", "words"), [(2, 0, 20), (12, 0, 5), (3, SEED_GROUP, 20)])
async def test_a_crowded_desk_causes_no_deadlock(
    tmp_path: Path, postgres_copy: str, managers: int, group: int, words: int
) -> None:
    people = [400_000_100 + number for number in range(managers)]
    section: dict[str, object] = {"staff_group": group, "admins": people}
    async with scene(
        tmp_path, postgres_copy, seed=random.SystemRandom().randrange(10**6), telegram=section
    ) as here:
        here.start()
        await here.at_work()
        crowd = Crowd(here, people, group, words=words * CUSTOMERS // 12)
        await crowd.moves_in()
        async with asyncio.TaskGroup() as tasks:
            for customer in crowd.customers:
                tasks.create_task(crowd.talks(customer))
        ended = time.monotonic()
        await here.until(lambda: not crowd.missing(), "everything promised", SOON_SECONDS, pause=0.1)
        print(f"{len(crowd.promised)} shown {time.monotonic() - ended:.1f} s after the last was said")
        await here.until_idle()
        assert asked(postgres_copy, NOT_HANDLED) == []
        assert asked(postgres_copy, DEADLOCKS) == [(0,)]
        assert warned(here) == []
        await here.stopped()
        await here.examined()


def warned(here: Scene) -> list[str]:
    """What the desk's log says of the store."""
    lines = (here.config.parent / "desk-1.log").read_text(errors="replace").splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    return [row["event"] for row in rows if row.get("level") in ("warning", "error") and "store" in str(row)]
