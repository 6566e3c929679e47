"""The content of the demo's desk, created by the same actions that people use."""

import asyncio
from dataclasses import dataclass
from typing import Any

from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.people.managers import get_acting_manager
from holdline.desk.people.staff import add_manager, change_manager
from holdline.desk.settings.templates import add_template
from holdline.dialogs.gate import MessageClass
from holdline.lab.demo_stack import DemoStack
from holdline.lab.replay.witness import TOPICS, SeenMessage, Witness, cards_of
from holdline.sandbox import Sandbox
from holdline.store.engine import Store
from holdline.store.tx import Tx

STAFF_GROUP = -1001000000042
MARIA, IVAN = 610000001, 610000002
ANNA, DMITRY, KASIA = 510000001, 510000002, 510000003
TEMPLATE = {"name": "track", "kind": "reply", "text": "{customer.name}: holdline.example/track 📦"}
"""It contains no words of one language, because the page can be read in three."""
_NAMES = {
    ANNA: ("Anna", "en"),
    DMITRY: ("Дмитрий", "ru"),
    KASIA: ("Kasia", "pl"),
    MARIA: ("Maria", "en"),
    IVAN: ("Ivan", "en"),
}


def furnish_sandbox(box: Sandbox) -> None:
    """Three customers, two managers, and the forum group in which the managers work."""
    introduce_people(box)
    box.forum(STAFF_GROUP, "Parcel shop desk", admins=[MARIA, IVAN])


def introduce_people(box: Sandbox) -> None:
    """The same people without a group: managers work in topics of their own chats with the bot."""
    for user_id, (name, language) in _NAMES.items():
        box.customer(user_id, first_name=name, language_code=language)


def add_staff(tx: Tx) -> None:
    add_manager(tx, acting=None, telegram_id=MARIA, name="Maria", role="admin")
    add_manager(tx, acting=None, telegram_id=IVAN, name="Ivan", role="manager")


def let_ivan_learn(tx: Tx) -> None:
    """After his story: Ivan's replies need approval from now on, and there is a template for a frequent question."""
    ivan = get_acting_manager(tx, IVAN)
    change_manager(tx, acting=None, manager_id=ivan.id, changes={"role": "restricted"})
    add_template(tx, manager=None, values=TEMPLATE)


async def speak_to_managers(store: Store, language: str) -> None:
    """Uses one transaction for each manager: both chats in one transaction could be locked in the wrong order."""
    for telegram_id in (MARIA, IVAN):
        await store.act(_speak_to, telegram_id=telegram_id, language=language)


def _speak_to(tx: Tx, *, telegram_id: int, language: str) -> None:
    manager = get_acting_manager(tx, telegram_id)
    change_manager(tx, acting=manager, manager_id=manager.id, changes={"language": language})


async def play_story(stage: DemoStack, *, group: int = STAFF_GROUP) -> None:
    """Plays yesterday's work: one dialog closed and rated, one active with a held offer, one paused. `group` 0: no
    group.
    """
    witness, over = Witness(stage.box), asyncio.Event()
    teller = _Teller(stage, witness, group)
    for manager in (MARIA, IVAN):
        stage.box.says(manager, "/start")  # the bot may write only to people who wrote to it
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(witness.watch(over))
        try:
            await teller.anna()
            await teller.dmitry()
            await teller.kasia()
        finally:
            over.set()


@dataclass(slots=True)
class _Teller:
    """Types and presses as people do, and waits until each message has arrived."""

    stage: DemoStack
    witness: Witness
    group: int

    async def anna(self) -> None:
        await self._starts(ANNA)
        card = await self._asks(MARIA, ANNA, "Hi! Do you deliver on Saturdays?")
        answer = "Hello Anna! Yes, on Saturdays until 2 pm."
        self._types(MARIA, _thread(card), answer, reply_to=card["message_id"])
        await self.witness.until(ANNA, 0, _says(answer), answer)
        thread = await self._opens(
            MARIA, ANNA, "Wrong tracking number", "My tracking number is not found anywhere."
        )
        await self._replies(
            MARIA, ANNA, thread, "I see two digits swapped, sorry! The right one is PS-20417."
        )
        await self._says_in_topic(MARIA, ANNA, thread, "Works now, thank you!")
        self._types(MARIA, thread, "/close 3 form")
        form = await self.witness.until(ANNA, 0, _is_form, "the rating form")
        self.stage.box.presses(ANNA, ANNA, form.message["message_id"], 2)
        await self.witness.until(ANNA, 0, _after(form.message), "the thanks")

    async def dmitry(self) -> None:
        await self._starts(DMITRY)
        thread = await self._opens(
            IVAN, DMITRY, "Посылка повреждена", "Здравствуйте. Посылка пришла с разбитой чашкой."
        )
        await self._replies(
            IVAN, DMITRY, thread, "Здравствуйте, Дмитрий! Пришлите, пожалуйста, фото коробки."
        )
        await self._says_in_topic(IVAN, DMITRY, thread, "Сейчас найду её и сфотографирую.")
        order = OutboundRequest(
            telegram_id=DMITRY, class_=MessageClass.FUNNEL, text="До воскресенья доставка бесплатно!"
        )
        await self.stage.store.act(accept_outbound, order=order)

    async def kasia(self) -> None:
        await self._starts(KASIA)
        thread = await self._opens(IVAN, KASIA, "Zwrot butów", "Dzień dobry, chcę zwrócić buty, są za małe.")
        await self._replies(IVAN, KASIA, thread, "Dzień dobry! Etykietę zwrotną wysłałem e-mailem.")
        await self._says_in_topic(IVAN, KASIA, thread, "Dziękuję, nadam paczkę w piątek.")
        self._types(IVAN, thread, "/pause")
        await self.witness.until(
            self._place(IVAN), thread, lambda m: "forum_topic_edited" in m, "the paused topic"
        )

    async def _starts(self, customer: int) -> None:
        """Sends /start, as Telegram makes every customer do. Broadcasts are sent only to customers who did."""
        self.stage.box.says(customer, "/start")
        await self.witness.until(customer, 0, lambda m: m["from"]["is_bot"], "the greeting")

    async def _opens(self, manager: int, customer: int, title: str, words: str) -> int:
        """Opens a dialog and returns the thread of its topic, which already shows the customer's message."""
        card = await self._asks(manager, customer, words)
        self._types(manager, _thread(card), f"/open {title}", reply_to=card["message_id"])
        opened = await self.witness.until(
            self._place(manager),
            TOPICS,
            lambda m: str(m["forum_topic_created"]["name"]).endswith(title),
            title,
        )
        thread = int(opened.message["message_thread_id"])
        await self.witness.until(self._place(manager), thread, _says(words), words)
        return thread

    async def _asks(self, manager: int, customer: int, words: str) -> SeenMessage:
        """Sends a customer's message and returns its Inbox card."""
        self.stage.box.says(customer, words)
        ends = await self.witness.until(
            self._place(manager), cards_of(customer), lambda m: str(m.get("text", "")).endswith(words), words
        )
        return ends.message

    async def _replies(self, manager: int, customer: int, thread: int, words: str) -> None:
        self._types(manager, thread, words)
        await self.witness.until(customer, 0, _says(words), words)

    async def _says_in_topic(self, manager: int, customer: int, thread: int, words: str) -> None:
        self.stage.box.says(customer, words)
        await self.witness.until(self._place(manager), thread, _says(words), words)

    def _types(self, manager: int, thread: int, words: str, **reply: Any) -> None:
        self.stage.box.says(manager, words, self._place(manager), thread, **reply)

    def _place(self, manager: int) -> int:
        return self.group or manager


def _thread(card: SeenMessage) -> int:
    """The thread of the Inbox topic; 0 in a private chat, where cards are outside of topics."""
    return int(card.get("message_thread_id", 0))


def _says(words: str) -> Any:
    return lambda message: message.get("text") == words and message["from"]["is_bot"]


def _is_form(message: SeenMessage) -> bool:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return bool(message["from"]["is_bot"]) and sum(len(row) for row in rows) == 3


def _after(form: SeenMessage) -> Any:
    return lambda message: message["from"]["is_bot"] and message["message_id"] > form["message_id"]
