"""A staff group replaces another one, or managers' own chats, and no message sent meanwhile is lost."""

from dataclasses import replace

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.delivery.former_groups import leave_former_groups
from holdline.desk.delivery.group_arrival import show_desk_in_group
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.notices.inbox_cards import MOST
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.store import invariants
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from tests.desk.conftest import ANNA, Desk, text

BEFORE, NOW = -1001234567890, -1009876543210
OLGA = 400000079


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(staff_group=BEFORE)


async def opened(desk: Desk) -> Dialog:
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel")
    return await desk.store.act(open_dialog, manager=desk.maria, opening=opening)


async def wrote(desk: Desk, words: str, number: int, sender: MessageSender = ANNA) -> None:
    content = text(words, number, sender.telegram_id)
    await desk.store.act(receive_customer_message, sender=sender, content=content)


def private(desk: Desk) -> None:
    """Without a staff group: everybody works in their own chat."""
    desk.store.rules = replace(desk.store.rules, staff_group=0)


async def reconfigured(desk: Desk, group: int) -> None:
    desk.store.rules = replace(desk.store.rules, staff_group=group)
    await desk.store.act(leave_former_groups)


async def waiting(desk: Desk, chat_id: int) -> list[Row]:
    def queued(tx: Tx) -> list[Row]:
        return tx.all(
            "SELECT * FROM outbox WHERE chat_id = :c AND status = 'queued' AND audience = 'desk' ORDER BY id",
            c=chat_id,
        )

    return await desk.store.read(queued)


def shown(items: list[Row]) -> list[str]:
    return [item["kind"] for item in items if item["kind"] in ("topic_create", "info_card", "mirror")]


@pytest.mark.parametrize("group", [NOW, 0])
async def test_an_open_dialog_continues_only_in_the_new_place(desk: Desk, group: int) -> None:
    await opened(desk)
    await wrote(desk, "said before", 5)
    await reconfigured(desk, group)
    place = group or desk.maria.telegram_id
    assert await waiting(desk, BEFORE) == []
    assert shown(await waiting(desk, place))[-1] == "mirror"
    mirrors = shown(await waiting(desk, place)).count("mirror")
    await wrote(desk, "said afterwards", 6)
    assert await waiting(desk, BEFORE) == []
    assert shown(await waiting(desk, place)).count("mirror") == mirrors + 1
    assert await desk.store.read(invariants.find_violations) == []


@pytest.mark.parametrize("group", [NOW, 0])
async def test_a_card_not_sent_yet_is_sent_to_the_new_place(desk: Desk, group: int) -> None:
    await wrote(desk, "is anybody there?", 5)
    await reconfigured(desk, group)
    found = await desk.store.read(
        lambda tx: tx.all("SELECT chat_id FROM outbox WHERE kind = 'inbox_card' AND status = 'queued'")
    )
    assert found and BEFORE not in {row["chat_id"] for row in found}


async def test_a_group_that_comes_back_is_shown_the_messages_of_the_meantime(desk: Desk) -> None:
    await opened(desk)
    await reconfigured(desk, NOW)
    await wrote(desk, "said in between", 6)
    await reconfigured(desk, BEFORE)
    assert await waiting(desk, NOW) == []
    assert "mirror" in shown(await waiting(desk, BEFORE))


async def cards(desk: Desk, chat_id: int) -> list[tuple[str, bool]]:
    """The words on the cards that wait for that chat, and whether a card is the one with the buttons."""

    def queued(tx: Tx) -> list[Row]:
        return tx.all(
            """SELECT o.*, m.text FROM outbox o JOIN messages m ON m.id = o.message_id
               WHERE o.kind = 'inbox_card' AND o.status = 'queued' AND o.chat_id = :chat ORDER BY o.id""",
            chat=chat_id,
        )

    return [(row["text"], row["payload_json"].get("first", False)) for row in await desk.store.read(queued)]


async def all_sent(desk: Desk) -> None:
    """Everything has been shown where it was meant to be."""
    sent = "UPDATE outbox SET status = 'sent', settled_at = created_at, tg_message_id = id WHERE status = 'queued'"
    await desk.store.act(lambda tx: tx.run(sent))


@pytest.mark.parametrize("group", [NOW, 0])
async def test_cards_that_the_former_group_showed_wait_in_the_new_place(desk: Desk, group: int) -> None:
    await wrote(desk, "is anybody there?", 5)
    await wrote(desk, "hello?", 6)
    await all_sent(desk)
    await wrote(desk, "not shown yet", 7)
    await reconfigured(desk, group)
    for chat_id in [group] if group else [desk.maria.telegram_id, desk.ivan.telegram_id]:
        assert await cards(desk, chat_id) == [
            ("is anybody there?", True),
            ("hello?", False),
            ("not shown yet", False),
        ]
    assert await desk.store.read(invariants.find_violations) == []


async def test_items_answered_in_the_former_group_are_not_shown_again(desk: Desk) -> None:
    await wrote(desk, "is anybody there?", 5)
    await all_sent(desk)
    await desk.store.act(lambda tx: tx.run("UPDATE inbox_items SET state = 'ignored'"))
    await reconfigured(desk, NOW)
    assert await cards(desk, NOW) == []


async def test_of_very_many_items_the_oldest_are_shown_and_the_rest_counted(desk: Desk) -> None:
    for number in range(MOST + 2):
        guest = MessageSender(510000100 + number, f"Guest {number}", "en")
        words = text(f"words {number}", 5, guest.telegram_id)
        await desk.store.act(receive_customer_message, sender=guest, content=words)
    await all_sent(desk)
    await reconfigured(desk, NOW)
    assert await cards(desk, NOW) == [(f"words {number}", True) for number in range(MOST)]
    (more,) = [item for item in await waiting(desk, NOW) if item["kind"] == "desk_notice"]
    assert more["payload_json"]["key"] == "desk_notices.more_in_inbox"
    assert more["payload_json"]["words"] == {"count": 2}


async def test_an_album_is_shown_again_as_one(desk: Desk) -> None:
    for number in (5, 6):
        photo = Content(
            kind="photo", text="", tg_message_id=number, chat_id=ANNA.telegram_id, album_id="trip"
        )
        await desk.store.act(receive_customer_message, sender=ANNA, content=photo)
    await all_sent(desk)
    await reconfigured(desk, NOW)
    shown_again = [item for item in await waiting(desk, NOW) if item["kind"] in ("inbox_card", "album")]
    assert [item["kind"] for item in shown_again] == ["inbox_card", "album"]
    assert len(shown_again[1]["payload_json"]["message_ids"]) == 2


async def came_to_group(desk: Desk) -> None:
    """The first group of a desk that had none."""
    desk.store.rules = replace(desk.store.rules, staff_group=NOW)
    await desk.store.act(show_desk_in_group)


async def test_a_new_colleague_reads_the_next_messages_below_a_card_with_buttons(desk: Desk) -> None:
    private(desk)
    await wrote(desk, "is anybody there?", 5)
    await desk.store.act(managers.insert, telegram_id=OLGA, name="Olga", role="agent")
    await all_sent(desk)
    await wrote(desk, "hello?", 6)
    assert await cards(desk, OLGA) == [("is anybody there?", True), ("hello?", False)]
    assert await cards(desk, desk.maria.telegram_id) == [("hello?", False)]
    await wrote(desk, "still here", 7)
    assert (await cards(desk, OLGA))[2:] == [("still here", False)]


async def test_a_first_staff_group_gets_the_waiting_items_and_active_dialogs(desk: Desk) -> None:
    private(desk)
    await opened(desk)
    await wrote(desk, "said in the dialog", 5)
    guest = MessageSender(510000100, "Guest", "en")
    await wrote(desk, "is anybody there?", 5, guest)
    await all_sent(desk)
    await came_to_group(desk)
    assert await cards(desk, NOW) == [("is anybody there?", True)]
    kinds = shown(await waiting(desk, NOW))
    assert kinds.count("topic_create") == 2 and kinds[-2:] == ["info_card", "mirror"]
    before = await waiting(desk, NOW)
    await came_to_group(desk)
    assert await waiting(desk, NOW) == before
    assert await desk.store.read(invariants.find_violations) == []


async def test_without_waiting_items_no_topic_is_created_in_the_group(desk: Desk) -> None:
    private(desk)
    await came_to_group(desk)
    assert await waiting(desk, NOW) == []


async def test_a_customer_who_was_only_counted_gets_a_card_with_the_next_message(desk: Desk) -> None:
    private(desk)
    guests = [MessageSender(510000100 + number, f"Guest {number}", "en") for number in range(MOST + 1)]
    for guest in guests:
        await wrote(desk, f"words of {guest.name}", 5, guest)
    await all_sent(desk)
    await came_to_group(desk)
    await all_sent(desk)
    await wrote(desk, "hello?", 6, guests[-1])
    assert await cards(desk, NOW) == [(f"words of Guest {MOST}", True), ("hello?", False)]
