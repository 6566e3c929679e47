"""Managers at work: updates go in as Telegram sends them, answers are read from the outbox, nothing is patched."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from aiogram import Dispatcher

from holdline.bot.dispatcher import build_dispatcher, build_feed
from holdline.bot.handlers.albums import AlbumLoop
from holdline.bot.handlers.callbacks import callbacks_router
from holdline.bot.handlers.edits import router as edits_router
from holdline.bot.handlers.staff import staff_router
from holdline.bot.intake.worker import Worker
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.gate import Gate
from holdline.screens.keyboards import ButtonRows, inline_keyboard
from holdline.screens.render import render
from holdline.store.engine import Store
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from tests.bot.inbox_kit import keep, rows
from tests.bot.staging import ADMIN, ANNA, GROUP, settle, waiting
from tests.conftest import BOT

_IDS = count(1)
_PEOPLE = {ADMIN: "Maria"}


@dataclass
class Recorder:
    """A gateway that remembers what was shown directly: presses answered, windows edited."""

    calls: list[Call] = field(default_factory=list)

    async def send_ephemeral(self, call: Call) -> None:
        self.calls.append(call)

    def last(self, method: str) -> Call:
        return next(call for call in reversed(self.calls) if call.method == method)

    def edits(self) -> list[Call]:
        """Every window that was changed in place, in order."""
        return [call for call in self.calls if call.method == "editMessageText"]

    @property
    def toast(self) -> str:
        return str(self.last("answerCallbackQuery").params.get("text", ""))

    @property
    def window(self) -> str:
        return str(self.last("editMessageText").params["text"])

    @property
    def offered(self) -> list[str]:
        """The data of the buttons of the window shown last."""
        edits = [c for c in self.calls if c.method in ("editMessageText", "editMessageReplyMarkup")]
        return data_of(edits[-1])


@dataclass(frozen=True)
class Said:
    """A call that left through the outbox, with the number Telegram gave it."""

    call: Call
    row: Row
    number: int

    @property
    def text(self) -> str:
        return str(self.call.params.get("text") or self.call.params.get("caption") or "")

    @property
    def offered(self) -> list[str]:
        return data_of(self.call)

    @property
    def form(self) -> str:
        """How the data of its buttons begins where it is a form: “form:7”."""
        return ":".join(self.offered[0].split(":")[:2])

    def data_or_none(self, verb: str) -> str | None:
        """None where no button starts so."""
        return next((data for data in self.offered if data.startswith(verb)), None)

    def data(self, verb: str) -> str:
        """The data of the one button that starts so."""
        return next(data for data in self.offered if data.startswith(verb))


def to_customer(said: list[Said], customer: MessageSender = ANNA) -> list[str]:
    """The words that leave for the customer, or the kind of what has none."""
    return [one.text or one.row["kind"] for one in said if one.call.params["chat_id"] == customer.telegram_id]


def data_of(call: Call) -> list[str]:
    keyboard = call.params.get("reply_markup", {}).get("inline_keyboard", [])
    return [button.get("callback_data") or button["url"] for row in keyboard for button in row]


@cache
def _dispatcher() -> Dispatcher:
    return build_dispatcher([edits_router(), staff_router(), callbacks_router()])


class Staff:
    """The desk's people with their keyboards; `gateway` shows what they saw at once."""

    def __init__(self, store: Store) -> None:
        self.store, self.gateway = store, Recorder()
        self._worker = Worker(store, build_feed(_dispatcher(), BOT, store=store, gateway=self.gateway))
        self.albums = AlbumLoop(store, self.gateway)

    async def says(self, text: str, person: int = ADMIN, **more: Any) -> int:
        """In the person's own chat unless `chat` says otherwise; the id of the new message."""
        message = self._message(person, text=text, **more)
        await self.update(message=message)
        return int(message["message_id"])

    async def writes(self, person: int = ADMIN, **more: Any) -> int:
        """Any message, with raw fields of Telegram's."""
        message = self._message(person, **more)
        await self.update(message=message)
        return int(message["message_id"])

    async def edits(self, number: int, text: str, person: int = ADMIN, **more: Any) -> None:
        """The person's message of that number gets other words."""
        message = self._message(person, text=text, **more)
        await self.update(edited_message={**message, "message_id": number, "edit_date": message["date"] + 60})

    async def presses(
        self, data: str, person: int = ADMIN, *, on: int = 1, chat: int | None = None, **more: Any
    ) -> None:
        """`on` is the message; `shown` its buttons before the press."""
        shown: ButtonRows = more.pop("shown", [])
        message = self._message(BOT, text="…", chat=chat or person, **more) | {"message_id": on}
        message["reply_markup"] = inline_keyboard(shown)
        query = {"id": str(next(_IDS)), "chat_instance": "9", "data": data, "message": message}
        await self.update(callback_query=query | {"from": self._person(person)})

    async def update(self, **kinds: Any) -> None:
        number = next(_IDS)
        await keep(self.store, {"update_id": number, **kinds})
        await self._worker.tick()
        ended = (await rows(self.store))[number]
        assert ended["state"] in ("done", "ignored"), ended

    async def heard(self, kind: str | None = None) -> list[Said]:
        """Complete albums are decided, everything that waits is sent; what was said, or that of one kind.

        Marks of delivery say nothing: they are heard of where somebody asks for them. What a gate holds stays held.
        """
        await self.albums.tick()

        def work(tx: Tx) -> list[Said]:
            said = []
            for row in waiting(tx):
                if row["stream"] == "marketing" and customers.gate_of(tx, row["customer_id"]) is Gate.HELD:
                    continue
                call = render(tx, row)
                settle(tx, row)
                number = tx.one("SELECT tg_message_id FROM outbox WHERE id = :id", id=row["id"])
                assert number is not None
                if isinstance(call, Call):
                    said.append(Said(call, row, number["tg_message_id"]))
            return said

        found = await self.store.act(work)
        unasked = [one for one in found if one.row["kind"] != "delivery_mark"]
        return unasked if kind is None else [one for one in found if one.row["kind"] == kind]

    async def answer(self) -> Said:
        """The one composed answer to what was just done."""
        found = await self.heard("text")
        assert len(found) == 1, [one.text for one in found]
        return found[0]

    def _message(self, person: int, chat: int | None = None, **more: Any) -> dict[str, Any]:
        thread, reply = more.pop("thread", None), more.pop("reply_to", None)
        where = chat or person
        kind = {"type": "private"} if where > 0 else {"type": "supergroup", "title": "Desk", "is_forum": True}
        message = {
            "message_id": next(_IDS) + 900_000,
            "date": 1_794_204_201,
            "chat": {"id": where, **kind},
            "from": self._person(person),
            **more,
        }
        if thread:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if reply:
            message["reply_to_message"] = {
                "message_id": reply,
                "date": 1,
                "chat": message["chat"],
                "text": "…",
            }
        return message

    def _person(self, person: int) -> dict[str, Any]:
        return {"id": person, "is_bot": person == BOT, "first_name": _PEOPLE.get(person, "Somebody")}


async def ask(store: Store, question: Callable[..., Any], **words: Any) -> Any:
    return await store.read(question, **words)


async def thread_of(store: Store, dialog_id: int | None, chat: int = GROUP) -> int:
    """The topic that shows the dialog, or the Inbox."""
    row = await store.read(
        lambda tx: tx.one(
            "SELECT thread_id FROM places WHERE chat_id = :chat AND COALESCE(dialog_id, 0) = :d AND live = 1",
            chat=chat,
            d=dialog_id or 0,
        )
    )
    assert row is not None
    return int(row["thread_id"])
