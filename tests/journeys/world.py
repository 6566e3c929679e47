"""The surroundings of the desk, and its people: they write, press and read, and nothing else."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from holdline.sandbox import Sandbox
from holdline.sandbox.bell import wait_for_ring
from holdline.store.delivery import telegram_messages
from holdline.store.engine import Store
from tests.journeys.looking import Message, captions, found, is_info_card, kind_of, rows_of, words_of

GROUP = -1001234567890
MARIA, IVAN = 400000077, 400000078
PATIENCE_SECONDS = 30.0


__all__ = ["GROUP", "IVAN", "MARIA", "Message", "Person", "Thread", "World", "captions", "kind_of",
           "rows_of"]  # fmt: skip


@dataclass
class World:
    """`api` speaks with every scope; `box.problems` must be empty at the end (the fixture looks)."""

    box: Sandbox
    store: Store
    api: httpx.AsyncClient
    group: int
    people: dict[int, "Person"] = field(default_factory=dict)

    async def until(self, test: Callable[[], Any], what: str) -> Any:
        """What `test` finds, as soon as something changes at Telegram or in the desk; fails in words."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            ticket = self.box.tg.events.bell.ticket()
            if found := test():
                return found
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"never seen: {what}\n{self.seen()}")
            await wait_for_ring(ticket, 0.05)

    async def until_asked(self, path: str, test: Callable[[Any], Any], what: str) -> Any:
        """The API's answer once it fits."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            answer = (await self.get(path)) or {}
            if test(answer):
                return answer
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"the API never said: {what}; last: {answer}")
            await asyncio.sleep(0.02)

    async def read(self, message: Message) -> Message:
        """The moment a person needs to read it: by then the desk has heard that it was sent."""
        spot = (message["chat"]["id"], message["message_id"])
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await self.store.read(lambda tx: telegram_messages.find(tx, *spot)):  # noqa: ASYNC110 - no bell tells
                await asyncio.sleep(0.01)
        return message

    async def get(self, path: str) -> Any:
        answer = await self.api.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any, status: int = 200) -> Any:
        answer = await self.api.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def customer(self, number: int = 510000001, name: str = "Anna", language: str = "en") -> "Person":
        return self._person(number, name, language)

    def manager(self, number: int = MARIA, name: str = "Maria") -> "Person":
        return self._person(number, name, "en")

    def _person(self, number: int, name: str, language: str) -> "Person":
        self.box.customer(number, first_name=name, language_code=language)
        return self.people.setdefault(number, Person(self, number, name))

    def messages(self, chat: int, thread: int | None = None) -> list[Message]:
        """What is visible now, oldest first; a thread of None is the whole chat."""
        if chat not in self.box.world.chats:
            return []
        return self.box.messages(chat, thread)

    def seen(self) -> str:
        """Everything that can be seen, for the sentence of a failed test."""
        lines = []
        for chat in self.box.world.chats:
            for m in self.messages(chat)[-25:]:
                buttons = [b["text"] for row in rows_of(m) for b in row]
                who = "bot" if m["from_bot"] else m["from"]["first_name"]
                lines.append(
                    f"{chat}/{m.get('message_thread_id', '')} {who}: {m.get('text', kind_of(m))!r} {buttons}"
                )
        return "\n".join(lines)

    async def opened(
        self, customer: "Person", title: str = "Lost parcel", manager: "Person | None" = None
    ) -> "Thread":
        """The customer writes, the manager answers the card with /open: the dialog's thread."""
        manager = manager or self.manager()
        words = f"Hello, about: {title}"
        customer.says(words)
        card = await manager.card(words)
        manager.says(f"/open {title}", card)
        return await manager.thread(title)


@dataclass
class Person:
    """A customer in the private chat, or a manager in the group and in the private chat."""

    world: World
    id: int
    name: str

    def says(self, text: str, at: "Message | Thread | None" = None, **more: Any) -> Message:
        """`at`: a message (replies to it) or a thread; nothing is the private chat."""
        chat, thread, reply = self._spot(at)
        return self.world.box.says(self.id, text, chat, thread, reply_to=reply, **more)

    def sends(self, kind: str, at: "Message | Thread | None" = None, **content: Any) -> Message:
        chat, thread, reply = self._spot(at)
        return self.world.box.sends(self.id, kind, chat, thread_id=thread, reply_to=reply, **content)

    def album(
        self, kinds: list[str], at: "Message | Thread | None" = None, *, number: str, caption: str = ""
    ) -> list[Message]:
        """One message a part; the first carries the words and the reply."""
        made = []
        for part, kind in enumerate(kinds):
            chat, thread, reply = self._spot(at)
            first = {"caption": caption, "reply_to": reply} if part == 0 else {}
            made.append(
                self.world.box.sends(self.id, kind, chat, thread_id=thread, media_group_id=number, **first)
            )
        return made

    def _spot(self, at: "Message | Thread | None") -> tuple[int, int | None, int | None]:
        if isinstance(at, Thread):
            return at.chat, at.id or None, None
        if at is not None:
            return at["chat"]["id"], at.get("message_thread_id"), at["message_id"]
        return self.id, None, None

    def presses(self, message: Message, button: str | int) -> None:
        """By its caption, its data or its number."""
        self.world.box.presses(self.id, message["chat"]["id"], message["message_id"], button)

    async def gets(self, test: "str | Callable[[Message], Any]", after: int = 0) -> Message:
        """A message from the bot in the private chat: that text, or what fits; `after` a message id."""
        return await self.world.until(
            lambda: found(self.world.messages(self.id), test, after), f"{self.name} gets {test!r}"
        )

    async def reads(self, test: "str | Callable[[Message], Any]", after: int = 0) -> Message:
        """As `gets`, with the moment that reading takes: only then it can be answered."""
        return await self.world.read(await self.gets(test, after))

    def got(self) -> list[str]:
        """The texts the bot has sent to the private chat."""
        return [str(m.get("text", "")) for m in self.world.messages(self.id) if m["from_bot"]]

    async def card(self, text: str) -> Message:
        """The Inbox card that shows that text, in the group or in this person's own chat."""
        chat = self.world.group or self.id
        card = await self.world.until(
            lambda: found(self.world.messages(chat), lambda m: text in words_of(m) and rows_of(m), 0),
            f"an Inbox card with {text!r}",
        )
        return await self.world.read(card)

    async def thread(self, title: str) -> "Thread":
        """The thread of the dialog of that title, with its info card."""
        chat = self.world.group or self.id

        def shown() -> Thread | None:
            for m in self.world.messages(chat):
                if m["from_bot"] and title in words_of(m) and is_info_card(m):
                    return Thread(self.world, chat, m.get("message_thread_id", 0), m)
            return None

        thread: Thread = await self.world.until(shown, f"a thread for {title!r}")
        await self.world.read(thread.card)
        return thread


@dataclass
class Thread:
    """A dialog's thread; `card` is the info card as it was first seen."""

    world: World
    chat: int
    id: int
    card: Message

    @property
    def dialog_id(self) -> int:
        return int(next(b["callback_data"] for row in rows_of(self.card) for b in row).split(":")[1])

    def shown(self) -> list[Message]:
        return self.world.messages(self.chat, self.id or None)

    async def shows(self, test: "str | Callable[[Message], Any]", after: int = 0) -> Message:
        """A message from the bot in it."""
        return await self.world.until(lambda: found(self.shown(), test, after), f"the thread shows {test!r}")

    async def read(self, test: "str | Callable[[Message], Any]", after: int = 0) -> Message:
        """As `shows`, and read by somebody: only then it can be answered."""
        return await self.world.read(await self.shows(test, after))

    async def card_says(self, words: str) -> Message:
        """The info card, once it holds those words."""
        number = self.card["message_id"]
        return await self.world.until(
            lambda: found(self.shown(), lambda m: m["message_id"] == number and words in words_of(m), 0),
            f"the info card says {words!r}",
        )

    async def dialog(self) -> Any:
        return await self.world.get(f"/dialogs/{self.dialog_id}")
