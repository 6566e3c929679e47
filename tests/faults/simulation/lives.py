"""The people of a simulation: customers with their manager, and one who does marketing."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from holdline.sandbox import SEED_GROUP
from tests.faults.load import Cards, Life, Marks
from tests.faults.verdict import Mark, marks_of

BROADCASTS, FUNNELS = 1000, 2000
"""Added to a customer's number, so that each stream of marketing has an order of its own."""
FUNNEL = {
    "name": "Walk",
    "steps": [
        {"send": {"text": "Welcome! [m-{field.walk|0}-1]"}},
        {"wait": "70s"},
        {"send": {"text": "Did you look around? [m-{field.walk|0}-2]"}},
        {"wait": "2m"},
        {"send": {"text": "Good bye! [m-{field.walk|0}-3]"}},
    ],
}
STEPS = 3
_TURNS = {
    "writes": 3, "replies": 4, "offers": 3, "moves": 4, "edits": 1, "reacts": 1, "rates": 1, "blocks": 1,
    "notes": 1, "looks": 1, "sends_a_picture": 1,
}  # fmt: skip
"""How often a customer and their manager do each, of all turns."""
ACTS = (*_TURNS, "funnel", "broadcast")


class Deck:
    """Draws each of `cards` once before any comes a second time."""

    def __init__(self, dice: random.Random, cards: list[str]) -> None:
        self._dice, self._cards, self._left = dice, cards, list[str]()

    def draw(self) -> str:
        if not self._left:
            self._left = self._dice.sample(self._cards, len(self._cards))
        return self._left.pop()


class MergedMarks(Marks):
    """In a group at its limit several lines of a customer leave as one message."""

    def _marks_in(self, text: str) -> list[Mark]:
        return marks_of(text)


class TopicCards(Cards):
    """Only those in topics: a desk that has lost its group may begin a dialog without one, and moves it later."""

    def _may_count(self, message: dict[str, Any]) -> bool:
        return "message_thread_id" in message


class SimulatedLife(Life):
    """A customer and the manager who helps, for as long as the simulation lasts."""

    def __init__(self, scene: Any, who: int, *, cards: Cards, marks: Marks, breath: float) -> None:
        super().__init__(scene, who, cards=cards, breath=breath)
        self.marks, self.acts = marks, Counter[str]()
        self.furnished = self.is_doubtful = False
        self._deck = Deck(self.dice, [act for act, times in _TURNS.items() for _ in range(times)])

    async def lives(self, over: asyncio.Event) -> None:
        self.scene.box.customer(self.chat, first_name=f"Guest {self.who}", language_code="en")
        self.scene.box.says(self.chat, "/start")
        self.writes()
        self.customer_id = await self._known()
        fields = {"lives": "yes", "broadcast": BROADCASTS + self.who, "walk": FUNNELS + self.who}
        order = {"fields": fields}
        await self.scene.ask("PATCH", f"customers/{self.customer_id}", order, key=f"fields-{self.who}")
        self.furnished = True
        while not over.is_set():
            act = self._deck.draw()
            before = self._traces()
            came = getattr(self, act)()
            if came is not None:
                await came
            self.acts[act] += before != self._traces()
            await asyncio.sleep(self.dice.uniform(0, 2 * self.breath))
        if self.state in ("active", "paused"):
            await self._orders("/close")

    def _traces(self) -> tuple[int, ...]:
        """What changes when anything is done."""
        tg = self.scene.box.tg
        return tg.events.last, tg.updates.made, len(self.account.promised)

    def promise(self, mark: Mark) -> None:
        """Of somebody else to this customer, who may have blocked the bot by then."""
        (self.account.perhaps if self.is_doubtful else self.account.promised).append(mark)

    async def edits(self) -> None:
        """Only words that the desk has shown already: then the mark of the first wording has been seen."""
        for message in reversed(self.scene.box.messages(self.chat)):
            words = str(message.get("text", ""))
            if message["from_bot"] or "[w-" not in words or not words.endswith("]"):
                continue
            if any(str(mark) in words for chat, mark in self._places() if chat == SEED_GROUP):
                self.scene.box.edits(self.chat, self.chat, message["message_id"], f"{words}, please")
            return

    def reacts(self) -> None:
        shown = [m for m in self.scene.box.messages(self.chat) if m["from_bot"]]
        if shown:
            message = self.dice.choice(shown[-5:])
            self.scene.box.reacts(self.chat, self.chat, message["message_id"], self.dice.choice(["👍", None]))

    def rates(self) -> None:
        """A press on the newest message with buttons that is no marketing: that of the rating."""
        for message in reversed(self.scene.box.messages(self.chat)):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            is_marketing = bool(marks_of(str(message.get("text", ""))))
            if (
                message["from_bot"]
                and not is_marketing
                and any("callback_data" in button for row in rows for button in row)
            ):
                self.scene.box.presses(self.chat, self.chat, message["message_id"], 0)
                return

    async def blocks(self) -> None:
        """The bot, for a while. What is on the way then may be refused."""
        self.is_doubtful = True
        self._doubt()
        self.scene.box.blocks(self.chat)
        if self.state == "active":
            await self._in_group(lambda: self.scene.box.says(
                self.manager, f"are you there {self._mark('r')}", SEED_GROUP, self.thread
            ))  # fmt: skip
        await asyncio.sleep(self.dice.uniform(5, 300))
        mark = self._mark("w")
        self.account.promised.append(mark)
        self.scene.box.says(self.chat, f"I am back {mark}")
        await self.scene.until(lambda: (SEED_GROUP, mark) in self._places(), "words after a block")
        self._doubt()
        self.is_doubtful = False

    async def replies(self) -> None:  # type: ignore[override] # it waits for the group
        if self.state == "active":
            await self._in_group(super().replies)

    async def notes(self) -> None:
        if self.state == "active":
            await self._in_group(
                lambda: self.scene.box.says(
                    self.manager, "/note they are in a hurry", SEED_GROUP, self.thread
                )
            )

    async def looks(self) -> None:
        await self._in_group(lambda: self.scene.box.says(self.manager, "/dialogs", SEED_GROUP))

    def sends_a_picture(self) -> None:
        mark = self._mark("w")
        self.account.perhaps.append(mark)
        self.scene.box.sends(self.chat, "photo", caption=f"look {mark}")

    async def _orders(self, command: str) -> None:
        await self.scene.group_there.wait()
        await super()._orders(command)

    async def _in_group(self, act: Callable[[], Any]) -> None:
        await self.scene.group_there.wait()
        act()

    def _doubt(self) -> None:
        """What the desk has not said yet to this customer may be refused now."""
        shown = self._places()
        late = [
            mark for mark in self.account.promised if mark.stream != "w" and (self.chat, mark) not in shown
        ]
        self.account.promised = [mark for mark in self.account.promised if mark not in late]
        self.account.perhaps += late

    def _places(self) -> set[tuple[int, Mark]]:
        self.marks.seen()
        return self.marks.places


class Marketer:
    """Sends broadcasts to all, and leads each customer through the funnel once."""

    def __init__(self, scene: Any, lives: list[SimulatedLife], funnel_id: int, *, breath: float) -> None:
        self.scene, self.lives, self.funnel_id, self.breath = scene, lives, funnel_id, breath
        self.dice = random.Random(f"{scene.seed}:marketer")
        self.acts: Counter[str] = Counter()

    async def works(self, over: asyncio.Event) -> None:
        left = list(self.lives)
        while not over.is_set():
            await asyncio.sleep(self.dice.uniform(0, 2 * self.breath))
            if not all(life.furnished for life in self.lives):
                continue
            if left and self.dice.random() < 0.5:
                await self._enrols(left.pop())
            else:
                await self._broadcasts()

    async def _enrols(self, life: SimulatedLife) -> None:
        while life.is_doubtful:  # noqa: ASYNC110 - virtual time costs nothing
            await asyncio.sleep(self.breath)
        for step in range(STEPS):
            life.promise(Mark("m", FUNNELS + life.who, step + 1))
        order = {"telegram_id": life.chat}
        await self.scene.ask("POST", f"funnels/{self.funnel_id}/enrolments", order, key=f"enrol-{life.who}")
        self.acts["funnel"] += 1

    async def _broadcasts(self) -> None:
        self.acts["broadcast"] += 1
        number = self.acts["broadcast"]
        text = f"Sale! [m-{{field.broadcast|0}}-{number}]"
        order = {"text": text, "audience": {"fields": {"lives": "yes"}}}
        for life in self.lives:
            life.promise(Mark("m", BROADCASTS + life.who, number))
        await self.scene.ask("POST", "broadcasts", order, key=f"broadcast-{number}")
