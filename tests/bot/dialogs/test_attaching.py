"""Files of a dialog itself: sent with /attach, listed under the card's button, got back and removed."""

import pytest

from holdline.desk.dialogs.attachments import add_attachment, attachments_of
from holdline.dialogs.decisions.attachments import Attachment, NewFile
from holdline.dialogs.dialog import Dialog
from holdline.scheduler.attached_files import AttachedFiles
from holdline.scheduler.made_files import attach_file
from holdline.store.clock import ManualClock
from holdline.store.dialogs import attachments, dialogs
from holdline.store.engine import Store
from holdline.telegram.call import Call, CallResult, Reply
from tests.bot.desk_kit import Staff, thread_of, to_customer
from tests.bot.staging import GROUP, manager, opened, words, wrote

PDF = {
    "file_id": "doc-1",
    "file_unique_id": "d1",
    "file_name": "contract.pdf",
    "mime_type": "application/pdf",
}
PHOTO = [{"file_id": "photo-1", "file_unique_id": "p1", "width": 90, "height": 90}]


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    await opened(group_desk)
    staff = Staff(group_desk)
    await staff.heard()
    return staff


async def attach(staff: Staff, caption: str = "/attach", **file: object) -> None:
    thread = await thread_of(staff.store, 1)
    await staff.writes(chat=GROUP, thread=thread, caption=caption, **(file or {"document": PDF}))


async def files(staff: Staff) -> list[Attachment]:
    return await staff.store.read(attachments_of, dialog_id=1)


async def state(staff: Staff) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, 1))


@pytest.mark.row("R-15")
async def test_a_file_is_attached_listed_and_returned_and_not_shown_to_the_customer(staff: Staff) -> None:
    await attach(staff)
    said = await staff.heard()
    assert to_customer(said) == []
    card = next(one for one in said if one.row["kind"] == "info_card_edit")
    assert "📎 Files: 1" in card.text and "dlg.files:1" in card.offered
    assert any("contract.pdf" in one.text for one in said if one.row["kind"] == "text")
    await staff.presses("dlg.files:1", chat=GROUP, on=card.number, thread=await thread_of(staff.store, 1))
    listed = await staff.answer()
    (file,) = await files(staff)
    assert "contract.pdf · Maria" in listed.text
    await staff.presses(listed.data("file.get:"), chat=GROUP, on=listed.number)
    (sent,) = await staff.heard("attached_file")
    assert (sent.call.method, sent.call.params["document"]) == ("sendDocument", "doc-1")
    await staff.presses(f"file.drop:{file.id}", chat=GROUP, on=listed.number)
    assert "contract.pdf" in staff.gateway.window and (await state(staff)).attachments == 1
    await staff.presses("file.keep:1", chat=GROUP, on=listed.number)
    await staff.presses(f"file.drop!:{file.id}", chat=GROUP, on=listed.number)
    assert (await files(staff), (await state(staff)).attachments) == ([], 0)
    await staff.says("/history #1")
    told = (await staff.heard("text"))[-1].text
    assert "attached a file" in told and "removed a file" in told and "contract.pdf" in told


async def test_a_photo_gets_a_name_and_a_text_alone_is_not_a_file(staff: Staff) -> None:
    await attach(staff, photo=PHOTO)
    (file,) = await files(staff)
    assert (file.name, file.kind, file.file_id) == ("photo.jpg", "photo", "photo-1")
    await staff.heard()
    await staff.says("/attach", chat=GROUP, thread=await thread_of(staff.store, 1))
    assert "caption /attach" in (await staff.answer()).text
    assert len(await files(staff)) == 1


async def test_every_file_of_an_album_is_attached(staff: Staff, clock: ManualClock) -> None:
    thread = await thread_of(staff.store, 1)
    for number, caption in enumerate(("/attach", None)):
        file = {**PDF, "file_id": f"doc-{number}"}
        more = {"caption": caption} if caption else {}
        await staff.writes(chat=GROUP, thread=thread, document=file, media_group_id="77", **more)
    clock.advance(5)
    assert to_customer(await staff.heard()) == []
    assert {file.file_id for file in await files(staff)} == {"doc-0", "doc-1"}


async def test_a_file_from_a_program_is_sent_with_its_bytes(staff: Staff) -> None:
    added = await staff.store.act(
        lambda tx: add_attachment(
            tx, manager=manager(tx), dialog_id=1, file=NewFile("a.txt", "text/plain", 3), content=b"abc"
        )
    )
    await staff.presses(f"file.get:{added.id}", chat=GROUP)
    (sent,) = await staff.heard("attached_file")
    whole = await attach_file(staff.store, sent.call)
    assert whole.files == {"document": ("a.txt", b"abc")}


class Files:
    """Telegram's files, as far as a test puts them there."""

    def __init__(self, **contents: bytes) -> None:
        self.contents = contents

    async def send(self, call: Call, *, seconds: float | None = None) -> CallResult:
        name = call.params["file_id"]
        if name not in self.contents:
            return Reply(400, {"ok": False, "error_code": 400, "description": "Bad Request: file is too big"})
        return Reply(200, {"ok": True, "result": {"file_id": name, "file_path": name}})

    async def download(self, path: str) -> bytes | None:
        return self.contents[path]


async def test_bytes_are_fetched_from_telegram_once_and_one_that_fails_stops_no_other(staff: Staff) -> None:
    await attach(staff, document={**PDF, "file_id": "lost"})
    await attach(staff, document={**PDF, "file_id": "there"})
    fetcher = AttachedFiles(staff.store, Files(there=b"%PDF"))
    fetched = [await fetcher.fetch() for _ in range(6)]
    assert sum(fetched) == 1
    lost, there = await files(staff)
    assert await staff.store.read(attachments.content_of, there.id) == b"%PDF"
    assert await staff.store.read(attachments.content_of, lost.id) is None
    assert (there.size, lost.size) == (4, 0)
