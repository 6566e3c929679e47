"""One recorded conversation, played by its customer, its manager and a marketing tool."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import parse_button_data
from holdline.lab.replay.promises import Account, BrokenPromise, find_broken
from holdline.lab.replay.recording import Conversation, Utterance
from holdline.lab.replay.stage import Stage
from holdline.lab.replay.witness import NeverHappened, Sight, cards_of
from holdline.texts import say

SERIAL_ROOM = 96  # UTF-16 units reserved for the number after a text

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
MARKETING = ("funnel", "broadcast", "smart_reply")


@dataclass(slots=True)
class Tally:
    """The numbers of the table, summed over stories."""

    dialogs: int = 0
    held: int = 0
    released: int = 0
    dropped: int = 0
    ratings: int = 0


class Story:
    """A new customer, and a manager who works where the stage says. All random choices come from the seed."""

    def __init__(self, stage: Stage, conversation: Conversation, number: int, tally: Tally) -> None:
        self.stage = stage
        self.conversation = conversation
        self.customer = 600_000_000 + number
        self.manager = stage.managers[number % len(stage.managers)]
        self.place = stage.group or self.manager
        self.chance = random.Random(f"{stage.seed}:{number}")
        self.tally = tally
        self.account = Account(conversation.id)
        self.title = f"{conversation.id} · {number}"
        self.thread = 0
        self.dialog_id = 0
        self.state = "none"
        self.held_since = 0
        self.serial = 0

    async def play(self) -> list[BrokenPromise]:
        """Plays the story and returns every broken promise."""
        broken: list[BrokenPromise] = []
        try:
            await self._first_contact()
            await self._open()
            for turn in self._rest():
                await self._turn(turn)
            broken += await self._close()
        except NeverHappened as missed:
            broken.append(BrokenPromise("message lost", f"{self.conversation.id}: {missed}"))
            return broken
        except WrongDecision as wrong:
            broken.append(BrokenPromise("wrong gate decision", f"{self.conversation.id}: {wrong}"))
            return broken
        broken += find_broken(self.account, self._bot_messages(), self._mirror_copies(), self._inbox())
        self._forget()
        return broken

    async def _first_contact(self) -> None:
        language = self.conversation.language
        self.stage.box.customer(self.customer, first_name=f"Guest {self.customer}", language_code=language)
        for turn in self._first_turns():
            self._customer_says(turn.text, self.account.in_general)
        await self._card(self.account.in_general[-1])
        await self._maybe_market()

    async def _open(self) -> None:
        card = await self._card(self.account.in_general[0])
        number, thread = card.message["message_id"], card.message.get("message_thread_id")
        self.stage.box.says(self.manager, f"/open {self.title}", self.place, thread, reply_to=number)
        self.thread = await self.stage.topic(self.place, self.title)
        info = await self.stage.witness.until(
            self.place, self.thread, lambda message: "reply_markup" in message, "the info card"
        )
        self.dialog_id = _number_on(info.message)
        self._became("active")
        self.tally.dialogs += 1

    async def _turn(self, turn: Utterance) -> None:
        if self.chance.random() < 0.15:
            await self._maybe_market()
        if self.chance.random() < 0.04:
            await self._move("paused" if self.state == "active" else "active")
        if turn.speaker == "customer":
            for piece in self._pieces(turn.text):
                into = self.account.in_dialog if self.state == "active" else self.account.in_general
                self._customer_says(piece, into)
        else:
            await self._manager_turn(turn)

    async def _manager_turn(self, turn: Utterance) -> None:
        if self.state != "active":
            await self._move("active")
        if turn.speaker == "action":
            self._manager_types(f"/note {turn.text}")
            return
        self._manager_types(self._once(turn.text, self.account.replies))

    async def _move(self, state: str) -> None:
        """Types the command after all earlier messages have been shown, so that both sides refer to the same moment."""
        await self._quiet()
        self._ends_hold()
        await self._run_command(
            "/pause" if state == "paused" else "/resume", "⏸" if state == "paused" else "▶️"
        )
        self._became(state)

    async def _close(self) -> list[BrokenPromise]:
        await self._maybe_market()
        await self._quiet()
        score = self.chance.randint(1, 3)
        self._ends_hold()
        await self._end(score)
        self.state = "closed"
        form = await self.stage.witness.until(self.customer, 0, _is_form, f"the rating form of {self.title}")
        rating = await self._rate(form)
        await self._wait_for_texts(self.account.marketing, "released marketing")
        dialog = await self.stage.dialog(self.dialog_id)
        self.account.crossed = await self.stage.count_crossed(self.dialog_id)
        stored = (dialog["service_rating"], dialog["customer_score"], dialog["state"])
        if stored != (rating, score, "closed"):
            return [
                BrokenPromise("rating lost", f"{self.conversation.id}: {stored} instead of {(rating, score)}")
            ]
        return []

    async def _end(self, score: int) -> None:
        await self._run_command(f"/close {score} form", "✅")

    async def _rate(self, form: Sight) -> int | None:
        """Most customers answer, some twice; only the first tap may count."""
        if self.chance.random() < 0.2:
            return None
        value, number = self.chance.randint(1, 3), form.message["message_id"]
        self.stage.box.presses(self.customer, self.customer, number, value - 1)
        if self.chance.random() < 0.2:
            self.stage.box.presses(self.customer, self.customer, number, self.chance.randint(0, 2))
        thanks = say("standard.rating_thanks", self.conversation.language)
        await self.stage.witness.until(self.customer, 0, _says(thanks), "the thanks for the rating")
        self.tally.ratings += 1
        return value

    async def _maybe_market(self) -> None:
        """A funnel tool sends a message at a bad moment. The gate's answer is known in advance."""
        kind = self.chance.choice(MARKETING)
        self.serial += 1
        text = f"{kind} {self.serial} for {self.customer}"
        answer = await self.stage.outbound(self.customer, kind, text)
        expected = ("dropped" if kind == "smart_reply" else "held") if self.state == "active" else "queued"
        if answer["status"] != expected:
            raise WrongDecision(f"{kind} while {self.state} was {answer['status']}, not {expected}")
        if expected == "dropped":
            self.tally.dropped += 1
            self.account.never.append(text)
            return
        self.account.marketing.append(text)
        if expected == "held":
            self.tally.held += 1
            self.tally.released += 1
        else:
            await self._wait_for_texts([text], "marketing through an open gate")

    async def _run_command(self, command: str, sign: str) -> None:
        """Types a command in the topic and waits for the desk's answer there."""
        after, answer = self.stage.witness.seq, f"{sign} #{self.dialog_id} "
        self._manager_types(command)
        await self.stage.witness.until(
            self.place,
            self.thread,
            lambda message: str(message.get("text", "")).startswith(answer),
            f"the answer to {command}",
            after=after,
        )

    async def _quiet(self) -> None:
        await self._wait_for_texts(self.account.replies, "a manager's reply")
        for text in self.account.in_dialog:
            await self._wait_in_topic(self.thread, text, "a customer's message in the topic")
        for text in self.account.in_general:
            await self._card(text)

    async def _wait_for_texts(self, texts: list[str], what: str) -> None:
        for text in texts[-8:]:
            await self.stage.witness.until(
                self.customer, 0, _says(text), f"{what} {text!r} never reached the customer"
            )

    async def _wait_in_topic(self, thread: int, text: str, what: str) -> Sight:
        return await self.stage.witness.until(self.place, thread, _says(text), f"{what} {text!r}")

    async def _card(self, text: str) -> Sight:
        return await self.stage.witness.until(
            self.place,
            cards_of(self.customer),
            lambda message: _card_text(message) == text,
            f"the Inbox card of {text!r}",
        )

    def _customer_says(self, text: str, into: list[str]) -> None:
        self.stage.box.says(self.customer, self._once(text, into))

    def _manager_types(self, text: str) -> None:
        self.stage.box.says(self.manager, truncate(text, TEXT_LIMIT), self.place, self.thread)

    def _once(self, text: str, into: list[str]) -> str:
        """Adds a number to the text, because people repeat themselves and each message must be unique."""
        self.serial += 1
        marked = f"{truncate(text, TEXT_LIMIT - SERIAL_ROOM)} [{self.serial}]"
        into.append(marked)
        return marked

    def _pieces(self, text: str) -> list[str]:
        """Sometimes a burst: one message for each sentence, without a pause in between."""
        return [p for p in _SENTENCE.split(text) if p] if self.chance.random() < 0.3 else [text]

    def _first_turns(self) -> list[Utterance]:
        turns = self.conversation.turns
        end = next((i for i, turn in enumerate(turns) if turn.speaker != "customer"), len(turns))
        return list(turns[:end])

    def _rest(self) -> list[Utterance]:
        return list(self.conversation.turns[len(self._first_turns()) :])

    def _became(self, state: str) -> None:
        self.state = state
        self.held_since = self.stage.witness.seq if state == "active" else 0

    def _ends_hold(self) -> None:
        if self.held_since:
            self.account.held.append((self.held_since, self.stage.witness.seq))
            self.held_since = 0

    def _bot_messages(self) -> list[Sight]:
        return [s for s in self.stage.witness.sights(self.customer) if s.message["from"]["is_bot"]]

    def _mirror_copies(self) -> list[Sight]:
        sights = self.stage.witness.sights(self.place, self.thread)
        return [sight for sight in sights if sight.message["from"]["is_bot"]]

    def _inbox(self) -> list[str]:
        cards = self.stage.witness.sights(self.place, cards_of(self.customer))
        return [_card_text(sight.message) for sight in cards if sight.message["from"]["is_bot"]]

    def _forget(self) -> None:
        self.stage.witness.forget(self.customer)
        self.stage.witness.forget(self.place, cards_of(self.customer))
        self.stage.witness.forget(self.place, self.thread)


class WrongDecision(Exception):
    """The gate's answer differs from its table."""


def _says(text: str) -> Callable[[dict[str, Any]], bool]:
    return lambda message: message.get("text") == text and message["from"]["is_bot"]


def _card_text(message: dict[str, Any]) -> str:
    """The text below the lines that name the customer and, if there is one, the paused dialog."""
    _, _, below = str(message.get("text", "")).partition("\n")
    return below.partition("\n")[2] if below.startswith("⏸ #") else below


def _number_on(info_card: dict[str, Any]) -> int:
    """The dialog's number, read from the card's buttons."""
    first = info_card["reply_markup"]["inline_keyboard"][0][0]
    return parse_button_data(first["callback_data"]).number()


def _is_form(message: dict[str, Any]) -> bool:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return sum(len(row) for row in rows) == 3 and message["from"]["is_bot"]
