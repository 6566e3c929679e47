"""Load that runs both ways: customers write, managers reply, marketing is offered, dialogs open, rest and close.

Each life has its own dice from the seed, waits for the desk only where a person would have to, and never gives up.
"""

import asyncio
import random
import re
from typing import Any

from holdline.lab.replay.witness import Sight
from holdline.sandbox import SEED_GROUP, SEED_MANAGERS
from tests.faults.scene import PATIENCE_SECONDS, Scene
from tests.faults.verdict import Account, Mark, Seen, Verdict, judged, mark_of

MANAGERS = sorted(SEED_MANAGERS)
_TITLE = re.compile(r"Case \d+\.\d+ of \d+")
SIGNS = {"/pause": "⏸", "/resume": "▶️", "/close": "✅"}


class Cards:
    """Info cards by the title they show, as they appear."""

    def __init__(self, scene: Scene) -> None:
        self._journal, self._seq = scene.box.tg.events, 0
        self._seen: dict[str, Sight] = {}

    def of(self, title: str) -> Sight | None:
        for event in self._journal.since(self._seq):
            self._seq = event["seq"]
            if event["kind"] == "message" and "reply_markup" in event["data"]:
                found = _TITLE.search(str(event["data"].get("text", "")))
                if found and self._may_count(event["data"]):
                    self._seen.setdefault(found[0], Sight(event["seq"], event["data"]))
        return self._seen.get(title)

    def _may_count(self, message: dict[str, Any]) -> bool:
        return True


class Marks:
    """Every marked message from the bot, in the journal's order."""

    def __init__(self, scene: Scene) -> None:
        self._journal, self._seq = scene.box.tg.events, 0
        self._seen: list[Seen] = []
        self.places: set[tuple[int, Mark]] = set()

    def seen(self) -> list[Seen]:
        for event in self._journal.since(self._seq):
            self._seq = event["seq"]
            if event["kind"] == "message" and event["data"]["from"]["is_bot"]:
                message: dict[str, Any] = event["data"]
                for mark in self._marks_in(str(message.get("text", ""))):
                    thread = int(message.get("message_thread_id", 0))
                    self._seen.append(Seen(event["seq"], message["chat"]["id"], thread, mark))
                    self.places.add((message["chat"]["id"], mark))
        return self._seen

    def _marks_in(self, text: str) -> list[Mark]:
        mark = mark_of(text)
        return [mark] if mark else []


class Life:
    """One customer, the manager who helps, and the marketing that would like to have a word."""

    def __init__(self, scene: Scene, who: int, *, cards: Cards, breath: float) -> None:
        self.scene, self.who, self.cards, self.breath = scene, who, cards, breath
        self.dice = random.Random(f"{scene.seed}:{who}")
        self.chat = 520_000_000 + who
        self.manager = MANAGERS[who % len(MANAGERS)]
        self.account = Account(self.chat)
        self.numbers: dict[str, int] = {}
        self.customer_id = self.dialog_id = self.thread = 0
        self.state = "none"
        self.held_since = 0
        self.opened = self.offered_while_held = 0

    async def lives(self, over: asyncio.Event) -> None:
        """Until `over`, then the dialog is closed, so that everything that waits may go."""
        self.scene.box.customer(self.chat, first_name=f"Guest {self.who}", language_code="en")
        self.writes()
        self.customer_id = await self._known()
        acts = [self.writes] * 4 + [self.replies] * 4 + [self.offers] * 3 + [self.moves] * 2
        while not over.is_set():
            came = self.dice.choice(acts)()
            if came is not None:
                await came
            await asyncio.sleep(self.dice.uniform(0, 2 * self.breath))
        if self.state in ("active", "paused"):
            await self._orders("/close")

    def writes(self) -> None:
        for _ in range(self.dice.choice([1, 1, 2, 3])):
            self.scene.box.says(self.chat, self._said("where is my parcel", "w"))

    def replies(self) -> None:
        """Only where there is a dialog to reply in."""
        if self.state == "active":
            for _ in range(self.dice.choice([1, 1, 2])):
                self.scene.box.says(
                    self.manager, self._said("it is on its way", "r"), SEED_GROUP, self.thread
                )

    async def offers(self) -> None:
        """What the tool is told decides what may appear: queued and held must, dropped must not."""
        class_ = self.dice.choice(["funnel", "broadcast", "smart_reply"])
        stream = "s" if class_ == "smart_reply" else "m"
        mark = self._mark(stream)
        order = {"customer": {"telegram_id": self.chat}, "class": class_, "text": f"a word from us {mark}"}
        answer = await self.scene.ask("POST", "outbound", order, key=f"offer{mark}")
        self.offered_while_held += answer["status"] == "held"
        if stream == "m":
            assert answer["status"] in ("queued", "held"), answer
            self.account.promised.append(mark)
        else:
            (self.account.never if answer["status"] == "dropped" else self.account.perhaps).append(mark)

    async def moves(self) -> None:
        match self.state:
            case "none":
                await self._opens()
            case "active":
                await self._orders(self.dice.choice(["/pause", "/close"]))
            case _:
                await self._orders(self.dice.choice(["/resume", "/close"]))

    async def _opens(self) -> None:
        self.opened += 1
        title = f"Case {self.who}.{self.opened} of {self.scene.seed}"
        order = {"customer_id": self.customer_id, "title": title, "manager_telegram_id": self.manager}
        dialog = await self.scene.ask("POST", "dialogs", order, key=f"open-{self.who}.{self.opened}")
        self.dialog_id, self.state = dialog["id"], "active"
        card = await self._card(title)
        self.thread, self.held_since = int(card.message["message_thread_id"]), card.seq

    async def _card(self, title: str) -> Sight:
        """The info card: the topic it stands in is the one the desk knows, however many were made."""

        card: Sight = await self.scene.until(lambda: self.cards.of(title), f"the info card of {title}")
        return card

    async def _orders(self, command: str) -> None:
        """Typed in the topic; the desk's answer there says that it is so."""
        after, answer = self.scene.witness.seq, f"{SIGNS[command]} #{self.dialog_id} "
        if self.held_since:
            self.account.held.append((self.held_since, after + 1))
            self.held_since = 0
        words = f"/close {self.dice.randint(1, 3)} form" if command == "/close" else command
        self.scene.box.says(self.manager, words, SEED_GROUP, self.thread)
        sight = await self.scene.witness.until(
            SEED_GROUP,
            self.thread,
            lambda message: str(message.get("text", "")).startswith(answer),
            f"the answer to {command} in #{self.dialog_id}",
            after=after,
            seconds=PATIENCE_SECONDS,
        )
        self.state = {"/pause": "paused", "/resume": "active", "/close": "none"}[command]
        if self.state == "active":
            self.held_since = sight.seq

    async def _known(self) -> int:
        """The desk's own number of this customer, once the first words have come in."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = await self.scene.ask("GET", f"customers?telegram_id={self.chat}")
                if found["items"]:
                    return int(found["items"][0]["id"])
                await asyncio.sleep(0.05)

    def _said(self, words: str, stream: str) -> str:
        mark = self._mark(stream)
        self.account.promised.append(mark)
        return f"{words} {mark}"

    def _mark(self, stream: str) -> Mark:
        self.numbers[stream] = self.numbers.get(stream, 0) + 1
        return Mark(stream, self.who, self.numbers[stream])


class Load:
    """Several lives at once; `settled` is the end of the story."""

    def __init__(self, scene: Scene, lives: int, *, breath: float = 0.1) -> None:
        self.scene = scene
        cards = Cards(scene)
        self.lives = [Life(scene, who, cards=cards, breath=breath) for who in range(1, lives + 1)]
        self.over = asyncio.Event()
        self._marks = Marks(scene)

    async def runs(self) -> None:
        """Until `over`, and until every dialog is closed."""
        async with asyncio.TaskGroup() as group:
            for life in self.lives:
                group.create_task(life.lives(self.over))

    async def quiet(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Until everything promised has appeared and the desk has nothing left to say."""
        await self.scene.until(lambda: not self._missing(), "everything promised", seconds)
        await self.scene.until_idle(seconds)

    def _missing(self) -> list[Mark]:
        shown = {one.mark for one in self.seen()}
        return [mark for life in self.lives for mark in life.account.promised if mark not in shown]

    def seen(self) -> list[Seen]:
        return self._marks.seen()

    def verdict(self) -> Verdict:
        return judged([life.account for life in self.lives], self.seen(), group=SEED_GROUP)
