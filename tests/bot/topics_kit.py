"""A staff group whose managers also have topics in their own chats: two dialogs, and topics of every kind."""

from dataclasses import dataclass

from holdline.dialogs.customer import MessageSender
from holdline.dialogs.dialog import Dialog
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.people import bots
from holdline.store.tx import Row
from tests.bot.desk_kit import Said, Staff, thread_of, to_customer
from tests.bot.staging import ADMIN, ANNA, GROUP, opened, words, wrote

TOM = MessageSender(510000002, "Tom", "tom", "en")
BY_HAND = 777_777
PHOTO = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]
CONTENTS = [
    {"text": "The code is 4711"},
    {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
    {"photo": PHOTO, "caption": "the label"},
    {"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1,
                 "is_animated": False, "is_video": False}},
]  # fmt: skip


@dataclass
class Topics:
    """Anna's dialog was entered, then Tom's: her topic in the manager's own chat (`ended`) is no longer in use."""

    staff: Staff
    anna: Dialog
    tom: Dialog
    ended: int
    live: int

    async def dialog(self, dialog: Dialog) -> Row:
        row = await self.staff.store.read(
            lambda tx: tx.one("SELECT * FROM dialogs WHERE id = :id", id=dialog.id)
        )
        assert row is not None
        return row

    async def notes(self) -> list[tuple[int, str]]:
        rows = await self.staff.store.read(lambda tx: tx.all("SELECT dialog_id, text FROM notes ORDER BY id"))
        return [(row["dialog_id"], row["text"]) for row in rows]

    async def question(self) -> Said:
        """Asked once, and nothing else has come of it."""
        said = await self.staff.heard()
        assert to_customer(said, ANNA) == to_customer(said, TOM) == []
        asked = [one for one in said if "🤔" in one.text]
        assert len(asked) == 1, [one.text for one in said]
        return asked[0]

    async def chooses(self, question: Said, dialog: Dialog, chat: int = ADMIN) -> None:
        await self.staff.presses(choice(question, dialog), on=question.number, chat=chat)


def choice(question: Said, dialog: Dialog) -> str:
    """The data of the button that means that dialog."""
    rows = question.call.params["reply_markup"]["inline_keyboard"]
    return next(b["callback_data"] for row in rows for b in row if b["text"].endswith(f"· #{dialog.id}"))


async def topics(store: Store, clock: ManualClock) -> Topics:
    await store.act(bots.save, username="HoldlineBot", topics_in_private=True)
    staff = Staff(store)
    for number, sender in enumerate((ANNA, TOM)):
        await wrote(store, words("Hello", 71 + number), sender)
    anna, tom = await opened(store, "Parcel"), await opened(store, "Refund", TOM)
    await staff.heard()
    threads = []
    for dialog in (anna, tom):
        clock.advance(1)
        await staff.says(f"/enter {dialog.id}")
        await staff.heard()
        threads.append(await thread_of(store, dialog.id, ADMIN))
    clock.advance(1)
    return Topics(staff, anna, tom, *threads)


__all__ = ["ADMIN", "ANNA", "GROUP", "PHOTO", "TOM"]
