"""Albums at the desk: collected, sent as one, removed as one."""

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.removals import undo_message
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.notices.sent_notices import confirm_sent
from holdline.dialogs.message import Content
from holdline.store.clock import ManualClock
from tests.desk.conftest import ANNA, Desk, text
from tests.desk.test_conversation import copied, opened, outbox


async def test_album_parts_are_sent_together_and_in_order(desk: Desk, clock: ManualClock) -> None:
    await opened(desk)
    for number in (1, 2, 3):
        part = Content(kind="photo", album_id="a", tg_message_id=number, chat_id=ANNA.telegram_id)
        await desk.store.act(receive_customer_message, sender=ANNA, content=part)

    rows = [r for r in await outbox(desk, desk.maria.telegram_id) if r["kind"] == "album"]
    assert len(rows) == 1 and rows[0]["due_at"] > clock.now()
    await desk.store.act(receive_customer_message, sender=ANNA, content=text("and this", 9, ANNA.telegram_id))
    rows = [r for r in await outbox(desk, desk.maria.telegram_id) if r["kind"] in ("album", "mirror")]
    assert [r["kind"] for r in rows] == ["album", "mirror"]
    assert rows[0]["due_at"] <= rows[1]["due_at"]


async def test_undo_is_offered_once_for_an_album_and_removes_all_parts(desk: Desk) -> None:
    dialog, chat = await opened(desk), desk.maria.telegram_id
    parts = []
    for number in (1, 2, 3):
        part = Content(kind="photo", album_id="a", tg_message_id=number, chat_id=chat)
        said = await desk.store.act(
            write_in_dialog,
            manager=desk.maria,
            dialog_id=dialog.id,
            content=part,
            origin=Origin(chat, number),
        )
        await copied(desk, said.id, ANNA.telegram_id, 1000 + number)
        parts.append(said.id)
    sent = [r for r in await outbox(desk, ANNA.telegram_id) if r["message_id"] in parts]
    assert [(r["kind"], r["payload_json"].get("message_ids")) for r in sent] == [("album", parts)]
    await desk.store.act(confirm_sent, parts)
    offers = [r for r in await outbox(desk, chat) if "undo" in str(r["payload_json"].get("buttons"))]
    assert len(offers) == 1
    await desk.store.act(undo_message, manager=desk.maria, message_id=parts[0])
    gone = [
        r["payload_json"]["tg_message_id"]
        for r in await outbox(desk, ANNA.telegram_id)
        if r["kind"] == "delete_copy"
    ]
    assert sorted(gone) == [1001, 1002, 1003]
