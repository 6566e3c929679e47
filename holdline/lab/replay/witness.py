"""The witness sees everything that appears at Telegram, in order, and lets stories wait for it."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from holdline.sandbox import Sandbox
from holdline.sandbox.bell import wait_for_ring

SeenMessage = dict[str, Any]
Predicate = Callable[[SeenMessage], bool]
PATIENCE_SECONDS = 60.0
TOPICS = -1
"""The room of service messages that create topics."""
_CARD = re.compile(r"[^\n]* id (\d+)[^\n]*\n")


class NeverHappened(Exception):
    """Something that was expected did not appear in time."""


@dataclass(slots=True)
class Sight:
    """A message as it appeared; `seq` is its position among all events at Telegram."""

    seq: int
    message: SeenMessage


class Witness:
    """Follows the sandbox's journal by room: (chat, topic or 0), or (group, cards_of(customer))."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._seq = box.tg.events.last
        self._seen: dict[tuple[int, int], list[Sight]] = defaultdict(list)
        self._waiting: dict[tuple[int, int], list[tuple[Predicate, asyncio.Future[Sight]]]] = defaultdict(
            list
        )

    @property
    def seq(self) -> int:
        """The number of the newest event at Telegram."""
        return self._box.tg.events.last

    async def watch(self, stop: asyncio.Event) -> None:
        """Runs in parallel with the stories until `stop`."""
        journal = self._box.tg.events
        while not stop.is_set():
            ticket = journal.bell.ticket()
            self.look()
            await wait_for_ring(ticket, 0.2)

    def look(self) -> None:
        """Reads the new events."""
        for event in self._box.tg.events.since(self._seq):
            self._seq = event["seq"]
            if event["kind"] == "message":
                self._take_in(Sight(event["seq"], event["data"]))

    def sights(self, chat_id: int, thread_id: int = 0) -> list[Sight]:
        return self._seen[(chat_id, thread_id)]

    async def until(
        self,
        chat_id: int,
        room: int,
        test: Predicate,
        what: str,
        *,
        after: int = 0,
        seconds: float = PATIENCE_SECONDS,
    ) -> Sight:
        """The first matching message in that room, already seen (but later than event `after`) or still to come.

        Raises NeverHappened after `seconds`, naming what was expected.
        """
        for sight in self._seen[(chat_id, room)]:
            if sight.seq > after and test(sight.message):
                return sight
        future: asyncio.Future[Sight] = asyncio.get_running_loop().create_future()
        self._waiting[(chat_id, room)].append((test, future))
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            raise NeverHappened(what) from None

    def forget(self, chat_id: int, thread_id: int = 0) -> None:
        """Drops what was seen in a room whose story is over."""
        self._seen.pop((chat_id, thread_id), None)
        self._waiting.pop((chat_id, thread_id), None)

    def _take_in(self, sight: Sight) -> None:
        message = sight.message
        where = (message["chat"]["id"], _room(message))
        self._seen[where].append(sight)
        waiting = self._waiting.get(where)
        if waiting:
            self._waiting[where] = [pair for pair in waiting if not _resolve(pair, sight)]


def cards_of(customer_id: int) -> int:
    """The room of one customer's Inbox cards. All cards share a topic and are distinguished by their first line."""
    return -customer_id


def _room(message: SeenMessage) -> int:
    if "forum_topic_created" in message:
        return TOPICS
    headed = _CARD.match(str(message.get("text", "")))
    return cards_of(int(headed.group(1))) if headed else int(message.get("message_thread_id", 0))


def _resolve(pair: tuple[Predicate, asyncio.Future[Sight]], sight: Sight) -> bool:
    test, future = pair
    if future.done() or not test(sight.message):
        return future.done()
    future.set_result(sight)
    return True
