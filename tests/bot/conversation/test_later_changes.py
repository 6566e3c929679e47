"""Kept messages follow edits; closed dialogs keep their messages; a topic no longer in use is marked."""

from typing import Any

import pytest

from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from tests.bot.desk_kit import to_customer
from tests.bot.staging import ANNA, manager
from tests.bot.topics_kit import ADMIN, TOM, Topics, topics


@pytest.fixture
async def desk(group_desk: Store, clock: ManualClock) -> Topics:
    return await topics(group_desk, clock)


async def test_a_message_edited_before_the_tap_is_sent_in_its_newest_version(desk: Topics) -> None:
    number = await desk.staff.says("The code is 1111", thread=desk.ended)
    question = await desk.question()
    await desk.staff.edits(number, "The code is 2222", thread=desk.ended)
    await desk.chooses(question, desk.anna)
    assert to_customer(await desk.staff.heard(), ANNA) == ["The code is 2222"]


@pytest.mark.parametrize("way", ["/delete", "undo"])
async def test_a_closed_dialog_keeps_its_messages(desk: Topics, way: str) -> None:
    number = await desk.staff.says("The code is 1111", thread=desk.live)
    sent = await desk.staff.heard()
    assert to_customer(sent, TOM) == ["The code is 1111"]
    message = await desk.staff.store.read(
        lambda tx: tx.one("SELECT id FROM messages WHERE text LIKE '%1111'")
    )
    assert message is not None

    def closed(tx: Any) -> None:
        close_dialog(tx, manager=manager(tx), dialog_id=desk.tom.id, closing=Closing(send_rating_form=False))

    await desk.staff.store.act(closed)
    if way == "undo":
        await desk.staff.presses(f"undo:{message['id']}")
    else:
        await desk.staff.says("/delete", thread=desk.live, reply_to=number)
    kept = await desk.staff.store.read(
        lambda tx: tx.one("SELECT deleted_at FROM messages WHERE text LIKE '%1111'")
    )
    assert kept is not None and kept["deleted_at"] is None
    assert not [one for one in await desk.staff.heard() if one.row["kind"] == "delete_copy"]


async def test_a_topic_no_longer_in_use_is_marked(desk: Topics) -> None:
    staff = desk.staff
    await staff.says(f"/enter {desk.anna.id}")
    said = await staff.heard()
    name = next(one.call for one in said if one.call.method == "editForumTopic")
    assert name.params == {"chat_id": ADMIN, "message_thread_id": desk.live, "name": "🔒 Refund"}
    stripped = next(one.call for one in said if one.call.method == "editMessageReplyMarkup")
    assert stripped.params["reply_markup"] == {"inline_keyboard": []}
