"""One desk in each of the three places to work: the group's topics, private topics, a private chat without topics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.rules import DeskRules
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.people import bots
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ADMIN, GROUP, IVAN, furnished, manager, named, opened, words, wrote
from tests.conftest import BOT

MODES = ("group topic", "private topic", "private without topics")


class Place(Staff):
    """Maria's dialog with Anna; `where` is the chat and the thread in which a person writes to it."""

    dialog: Dialog
    mode: str

    async def where(self, person: int = ADMIN) -> dict[str, int]:
        if self.mode == "private without topics":
            return {"chat": person}
        chat = GROUP if self.mode == "group topic" else person
        return {"chat": chat, "thread": await thread_of(self.store, self.dialog.id, chat)}

    async def line(self, text: str, person: int = ADMIN) -> None:
        await self.says(text, person, **await self.where(person))

    async def press(self, under: Said, verb: str, person: int = ADMIN) -> list[Said]:
        """The button of that verb under the message, and what is said afterwards."""
        shown = [[{"text": "…", "data": data}] for data in under.offered]
        spot = {"chat": under.call.params["chat_id"], "thread": under.call.params.get("message_thread_id")}
        await self.presses(under.data(verb), person, on=under.number, shown=shown, **spot)
        return await self.heard()

    async def close(self) -> None:
        closing = Closing(send_rating_form=False)
        dialog_id = self.dialog.id
        await self.store.act(
            lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog_id, closing=closing)
        )
        await self.heard()


@asynccontextmanager
async def desk_at(mode: str, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    """With Maria (an administrator), her colleague Ivan, and Anna's open dialog."""
    group = GROUP if mode == "group topic" else 0
    store = Store(store_url, bot_id=BOT, rules=DeskRules(staff_group=group, admins=(ADMIN,)), clock=clock)
    await store.start()
    await store.act(furnished)
    await store.act(bots.save, username="desk_bot", topics_in_private=mode == "private topic")
    await store.act(lambda tx: named(tx, IVAN, "Ivan"))
    await wrote(store, words())
    desk = Place(store)
    desk.mode, desk.dialog = mode, await opened(store)
    await desk.says("Hello", chat=ADMIN)  # from now on Maria has her name
    await desk.heard()
    if mode == "private without topics":
        await desk.says(f"/enter {desk.dialog.id}")
        await desk.heard()
    yield desk
    await store.close()
